package dev.nightsafe.core.queue;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue as its file says it, checked; {@link QueueYaml} makes them.
 *
 * @param subQueues at least one; a queue that gives only {@code priority} has one named {@code default}
 * @param deployment with vault ids {@code ""} until the console resolves them
 * @param definition what stood under the queue's name, as plain maps and lists in the file's own words (String, Long,
 *     Double, Boolean, null inside a default, List, Map): what the API takes and shows. Unmodifiable.
 */
public record QueueDefinition(
        String name,
        List<SubQueue> subQueues,
        Deployment deployment,
        Limits limits,
        List<Field> input,
        List<Field> output,
        List<Schedule> schedules,
        Map<String, Object> definition) {

    /** A lane of a queue; {@code priority} is its weight, from 1. */
    public record SubQueue(String name, int priority) {}

    /** How long and how often; durations in seconds, 0 for no limit. */
    public record Limits(
            int maxRetry,
            long ttlCompletedSecs,
            long ttlArchivedSecs,
            long pendingTimeoutSecs,
            long activeTimeoutSecs) {
        /** Retries 3, retention 24 h completed and 72 h failed, no timeouts: Runqy's. */
        public static final Limits DEFAULT = new Limits(3, 86_400, 259_200, 0, 0);
    }

    /**
     * A field of a task's input or output.
     *
     * @param types any of these; any type at all when empty
     * @param defaultValue String, Long, Double, Boolean, List or Map, null for none
     */
    public record Field(
            String name,
            List<Type> types,
            boolean required,
            @Nullable Object defaultValue,
            String description) {
        /** Types of fields. */
        public enum Type {
            STRING,
            INT,
            FLOAT,
            BOOL,
            ARRAY,
            OBJECT
        }

        public Field {
            types = List.copyOf(types);
        }
    }

    /**
     * When a task submits itself.
     *
     * @param name its own within the queue
     * @param cron as the file has it; the console reads it
     * @param payload as {@link Field#defaultValue}; an empty map when the file has none
     * @param subQueue null for the only one or {@code default}
     */
    public record Schedule(
            String name,
            String cron,
            ZoneId zone,
            Object payload,
            Missed missed,
            @Nullable String type,
            @Nullable String subQueue) {

        /** What becomes of times at which nobody was there to submit. */
        public enum Missed {
            /** Nothing. */
            SKIP,
            /** One task for all of them. */
            ONCE
        }
    }

    public QueueDefinition {
        subQueues = List.copyOf(subQueues);
        input = List.copyOf(input);
        output = List.copyOf(output);
        schedules = List.copyOf(schedules);
    }
}
