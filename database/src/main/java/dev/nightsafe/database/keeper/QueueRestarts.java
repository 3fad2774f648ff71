package dev.nightsafe.database.keeper;

import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Restarts of queues: which was asked for last, and whose turn it is. */
public final class QueueRestarts {
    private QueueRestarts() {}

    /** Asks for another one. */
    public static void ask(Handle handle, String workspaceId, String queueId) {
        handle.createUpdate("""
                        INSERT INTO queue_restart (queue_id, workspace_id, number) VALUES (:queue, :workspace, 1)
                        ON CONFLICT (queue_id) DO UPDATE SET number = queue_restart.number + 1
                            WHERE queue_restart.workspace_id = excluded.workspace_id""")
                .bind("queue", queueId)
                .bind("workspace", workspaceId)
                .execute();
    }

    /** The last number that was asked for, by queue. */
    public static Map<String, Long> asked(Handle handle, String workspaceId) {
        return handle.createQuery("SELECT queue_id, number FROM queue_restart WHERE workspace_id = :workspace")
                .bind("workspace", workspaceId)
                .reduceRows(new HashMap<>(), (numbers, row) -> {
                    numbers.put(row.getColumn("queue_id", String.class), row.getColumn("number", Long.class));
                    return numbers;
                });
    }

    /** True while another runner that serves the queue was told of a restart that it doesn't have behind it. */
    public static boolean isUnderWay(Handle handle, String queueId, String exceptLease, long now) {
        return handle.createQuery("""
                        SELECT 1 FROM serving_lease WHERE queue_id = :queue AND expires_at > :now
                            AND restart_told > restarted AND state <> 'refused' AND id <> :lease LIMIT 1""")
                .bind("queue", queueId)
                .bind("lease", exceptLease)
                .bind("now", now)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** True when a runner has a lease on a queue whose last restart it wasn't told of, and it is its turn. */
    public static boolean isTurnOf(Handle handle, String runnerId, long now) {
        return handle.createQuery("""
                        SELECT 1 FROM serving_lease AS mine JOIN queue_restart ON queue_restart.queue_id = mine.queue_id
                        WHERE mine.runner_id = :runner AND mine.expires_at > :now AND mine.restart_told < number
                            AND NOT EXISTS (SELECT 1 FROM serving_lease AS other WHERE other.queue_id = mine.queue_id
                                AND other.expires_at > :now AND other.restart_told > other.restarted
                                AND other.state <> 'refused')
                        LIMIT 1""")
                .bind("runner", runnerId)
                .bind("now", now)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }
}
