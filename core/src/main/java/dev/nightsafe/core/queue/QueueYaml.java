package dev.nightsafe.core.queue;

import java.util.List;

/** Reads queue files. */
public final class QueueYaml {
    private QueueYaml() {}

    /**
     * Reads one file ({@code queues: {name: …}}).
     *
     * @param file how errors name it
     * @throws dev.nightsafe.core.problem.NightsafeException {@code INVALID_QUEUE}, naming file, line, column and what to
     *     write instead
     */
    public static List<QueueDefinition> parse(String file, String text) {
        return List.of();
    }

    /** Reads the definition of one queue, as the API takes it: JSON or YAML of what stands under the queue's name. */
    public static QueueDefinition parseOne(String name, String text) {
        return parse(name, text).getFirst();
    }
}
