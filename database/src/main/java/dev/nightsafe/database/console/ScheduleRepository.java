package dev.nightsafe.database.console;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** When schedules make their next tasks. */
public final class ScheduleRepository {
    private ScheduleRepository() {}

    /**
     * A schedule of a queue.
     *
     * @param nextAt milliseconds since 1970, null for never again
     */
    public record Row(
            String queueId,
            String name,
            String cron,
            String zone,
            @Nullable Long nextAt) {}

    /** A time that has come. */
    public record Due(String workspaceId, String queueId, String name, long nextAt) {}

    /** By name. */
    public static List<Row> ofQueue(Handle handle, String queueId) {
        return handle.createQuery(
                        "SELECT queue_id, name, cron, zone, next_at FROM schedule WHERE queue_id = :queue ORDER BY name")
                .bind("queue", queueId)
                .mapTo(Row.class)
                .list();
    }

    /** The earliest first. */
    public static List<Due> due(Handle handle, long now, int limit) {
        return handle.createQuery("""
                        SELECT queue.workspace_id, queue_id, schedule.name, next_at
                        FROM schedule JOIN queue ON queue.id = queue_id
                        WHERE next_at <= :now ORDER BY next_at, queue_id, schedule.name LIMIT :limit""")
                .bind("now", now)
                .bind("limit", limit)
                .mapTo(Due.class)
                .list();
    }

    /** Makes it, or puts it in the place of the one that the queue has under this name. */
    public static void put(Handle handle, Row row) {
        handle.createUpdate("""
                        INSERT INTO schedule (queue_id, name, cron, zone, next_at)
                        VALUES (:queueId, :name, :cron, :zone, :nextAt)
                        ON CONFLICT (queue_id, name) DO UPDATE SET cron = excluded.cron, zone = excluded.zone,
                            next_at = excluded.next_at""").bindMethods(row).execute();
    }

    /** Goes on to the next time, unless somebody did so before. */
    public static void advance(Handle handle, Due done, @Nullable Long next) {
        handle.createUpdate("""
                        UPDATE schedule SET next_at = :next
                        WHERE queue_id = :queueId AND name = :name AND next_at = :nextAt""").bindMethods(done).bind("next", next).execute();
    }

    public static void delete(Handle handle, String queueId, String name) {
        handle.createUpdate("DELETE FROM schedule WHERE queue_id = :queue AND name = :name")
                .bind("queue", queueId)
                .bind("name", name)
                .execute();
    }
}
