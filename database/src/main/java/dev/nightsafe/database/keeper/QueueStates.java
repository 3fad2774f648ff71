package dev.nightsafe.database.keeper;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Queues as their tasks make them: what waits in which sub-queue, what is paused. */
public final class QueueStates {
    private QueueStates() {}

    public record Paused(String queueId, String workspaceId, long pausedAt, String pausedBy) {}

    /** A sub-queue in which tasks wait; some may have to wait longer. */
    public record Waiting(String queueId, String subQueue, long weight) {}

    /** Tasks of one sub-queue in one state. */
    public record Count(
            String subQueue,
            String state,
            long tasks,
            @Nullable Long oldestSubmittedAt) {}

    /** False when it was paused already: it stays so, by whom it was. */
    public static boolean pause(Handle handle, Paused paused) {
        return handle.createUpdate("""
                        INSERT INTO paused_queue (queue_id, workspace_id, paused_at, paused_by)
                        VALUES (:queueId, :workspaceId, :pausedAt, :pausedBy) ON CONFLICT (queue_id) DO NOTHING""").bindMethods(paused).execute() > 0;
    }

    /** True when it was paused. */
    public static boolean resume(Handle handle, String workspaceId, String queueId) {
        return handle.createUpdate("DELETE FROM paused_queue WHERE queue_id = :queue AND workspace_id = :workspace")
                        .bind("queue", queueId)
                        .bind("workspace", workspaceId)
                        .execute()
                > 0;
    }

    public static Optional<Paused> paused(Handle handle, String queueId) {
        return handle.createQuery("SELECT * FROM paused_queue WHERE queue_id = :queue")
                .bind("queue", queueId)
                .mapTo(Paused.class)
                .findOne();
    }

    /** The paused queues of a workspace. */
    public static List<Paused> allPaused(Handle handle, String workspaceId) {
        return handle.createQuery("SELECT * FROM paused_queue WHERE workspace_id = :workspace")
                .bind("workspace", workspaceId)
                .mapTo(Paused.class)
                .list();
    }

    /** Of all workspaces. */
    public static List<Paused> allPaused(Handle handle) {
        return handle.createQuery("SELECT * FROM paused_queue")
                .mapTo(Paused.class)
                .list();
    }

    /** The sub-queues in which tasks wait, each with the weight of its oldest; one index look-up each. */
    public static List<Waiting> waiting(Handle handle, String queueId) {
        return handle.createQuery("""
                        WITH RECURSIVE lane (name) AS (
                            SELECT MIN(sub_queue) FROM task WHERE queue_id = :queue AND state = 'pending'
                            UNION ALL
                            SELECT (SELECT MIN(sub_queue) FROM task
                                WHERE queue_id = :queue AND state = 'pending' AND sub_queue > lane.name)
                            FROM lane WHERE lane.name IS NOT NULL)
                        SELECT :queue AS queue_id, name AS sub_queue,
                            (SELECT priority FROM task WHERE queue_id = :queue AND state = 'pending' AND sub_queue = lane.name
                                ORDER BY submitted_at, id LIMIT 1) AS weight
                        FROM lane WHERE name IS NOT NULL""")
                .bind("queue", queueId)
                .mapTo(Waiting.class)
                .list();
    }

    /** Nothing for a queue of another workspace. Reads an index alone: a queue may have very many tasks that ended. */
    public static List<Count> counts(Handle handle, String workspaceId, String queueId) {
        return handle.createQuery("""
                        SELECT sub_queue, state, COUNT(*) AS tasks, MIN(submitted_at) AS oldest_submitted_at FROM task
                        WHERE queue_id = :queue
                            AND :workspace = (SELECT workspace_id FROM task WHERE queue_id = :queue LIMIT 1)
                        GROUP BY state, sub_queue ORDER BY sub_queue, state""")
                .bind("queue", queueId)
                .bind("workspace", workspaceId)
                .mapTo(Count.class)
                .list();
    }
}
