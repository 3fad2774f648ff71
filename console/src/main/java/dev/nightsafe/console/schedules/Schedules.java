package dev.nightsafe.console.schedules;

import dev.nightsafe.console.platform.Times;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.database.console.ScheduleRepository;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The schedules of queues, as they are kept. */
public final class Schedules {
    private Schedules() {}

    /** Throws {@code INVALID_QUEUE} for a cron expression that can't be read, or never comes. */
    public static void require(QueueDefinition queue, Instant now) {
        for (QueueDefinition.Schedule schedule : queue.schedules()) {
            try {
                if (times(schedule).after(now).isEmpty()) {
                    throw wrong(queue, schedule, "it names no time that will ever come");
                }
            } catch (IllegalArgumentException e) {
                throw wrong(queue, schedule, String.valueOf(e.getMessage()));
            }
        }
    }

    private static NightsafeException wrong(QueueDefinition queue, QueueDefinition.Schedule schedule, String why) {
        return new NightsafeException(
                ProblemCode.INVALID_QUEUE,
                "queue '" + queue.name() + "': the cron expression of schedule '" + schedule.name() + "' is wrong: "
                        + why);
    }

    /** Keeps what a queue's definition says; a schedule that stays as it is keeps its next time. */
    public static void store(Handle handle, String queueId, QueueDefinition queue, Instant now) {
        Map<String, ScheduleRepository.Row> before = ScheduleRepository.ofQueue(handle, queueId).stream()
                .collect(Collectors.toMap(ScheduleRepository.Row::name, Function.identity()));
        for (QueueDefinition.Schedule schedule : queue.schedules()) {
            ScheduleRepository.Row old = before.remove(schedule.name());
            String zone = schedule.zone().getId();
            if (old == null
                    || !old.cron().equals(schedule.cron())
                    || !old.zone().equals(zone)) {
                ScheduleRepository.put(
                        handle,
                        new ScheduleRepository.Row(
                                queueId,
                                schedule.name(),
                                schedule.cron(),
                                zone,
                                millis(times(schedule).after(now))));
            }
        }
        before.keySet().forEach(name -> ScheduleRepository.delete(handle, queueId, name));
    }

    /** As the API shows them. */
    public static List<ConsoleApi.Schedule> views(Handle handle, String queueId) {
        return ScheduleRepository.ofQueue(handle, queueId).stream()
                .map(row -> new ConsoleApi.Schedule(
                        row.name(), row.cron(), row.zone(), row.nextAt() == null ? null : Times.iso(row.nextAt())))
                .toList();
    }

    /** The times of a schedule that was applied. */
    public static CronTimes times(QueueDefinition.Schedule schedule) {
        return CronTimes.of(schedule.cron(), schedule.zone());
    }

    public static @Nullable Long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(null);
    }
}
