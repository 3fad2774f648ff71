package dev.nightsafe.database.keeper;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Serving leases: one for each runner and queue. */
public final class ServingLeases {
    private ServingLeases() {}

    /**
     * @param deployment {@link dev.nightsafe.core.queue.Deployment#toMap}, JSON
     * @param fencing the queue's revision of the deployment
     * @param restartTold the last restart of the queue that the runner was told of
     * @param restarted the last that its workers have behind them
     */
    public record Row(
            String id,
            String runnerId,
            String workspaceId,
            String queueId,
            String queueName,
            String deployment,
            String digest,
            long fencing,
            long expiresAt,
            String state,
            @Nullable String detail,
            long restartTold,
            long restarted) {}

    /** Makes the lease, or puts it in the place of the one that its runner has for its queue. */
    public static void put(Handle handle, Row row) {
        handle.createUpdate("""
                        INSERT INTO serving_lease (id, runner_id, workspace_id, queue_id, queue_name, deployment, digest,
                            fencing, expires_at, state, detail, restart_told, restarted)
                        VALUES (:id, :runnerId, :workspaceId, :queueId, :queueName, :deployment, :digest, :fencing,
                            :expiresAt, :state, :detail, :restartTold, :restarted)
                        ON CONFLICT (runner_id, queue_id) DO UPDATE SET id = excluded.id,
                            workspace_id = excluded.workspace_id, queue_name = excluded.queue_name,
                            deployment = excluded.deployment, digest = excluded.digest, fencing = excluded.fencing,
                            expires_at = excluded.expires_at, state = excluded.state, detail = excluded.detail,
                            restart_told = excluded.restart_told, restarted = excluded.restarted""").bindMethods(row).execute();
    }

    /** Stores until when it is, how its workers are, and how far a restart is. */
    public static void renew(Handle handle, Row row) {
        handle.createUpdate("""
                        UPDATE serving_lease SET expires_at = :expiresAt, state = :state, detail = :detail,
                            restart_told = :restartTold, restarted = :restarted
                        WHERE id = :id""").bindMethods(row).execute();
    }

    public static Optional<Row> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM serving_lease WHERE id = :id")
                .bind("id", id)
                .mapTo(Row.class)
                .findOne();
    }

    /**
     * What a poll needs to know of a lease.
     *
     * @param work whether tasks wait that may be taken now
     */
    public record Served(String id, String queueId, long fencing, boolean work) {}

    /** Those of these leases that are this runner's and current. */
    public static List<Served> served(Handle handle, String runnerId, Collection<String> ids, long now) {
        return handle.createQuery("""
                        SELECT id, queue_id, fencing,
                            EXISTS (SELECT 1 FROM task WHERE task.queue_id = serving_lease.queue_id
                                AND task.state = 'pending' AND task.not_before <= :now
                                AND task.queue_revision <= serving_lease.fencing)
                            AND NOT EXISTS (SELECT 1 FROM paused_queue
                                WHERE paused_queue.queue_id = serving_lease.queue_id) AS work
                        FROM serving_lease WHERE id IN (<ids>) AND runner_id = :runner AND expires_at > :now""")
                .bindList("ids", ids)
                .bind("runner", runnerId)
                .bind("now", now)
                .mapTo(Served.class)
                .list();
    }

    /** The deployment of a lease if its text is like this SQL pattern. */
    public static Optional<String> deploymentLike(Handle handle, String id, String pattern) {
        return handle.createQuery("SELECT deployment FROM serving_lease WHERE id = :id AND deployment LIKE :pattern")
                .bind("id", id)
                .bind("pattern", pattern)
                .mapTo(String.class)
                .findOne();
    }

    /** Expired ones too. */
    public static List<Row> ofRunner(Handle handle, String runnerId) {
        return handle.createQuery("SELECT * FROM serving_lease WHERE runner_id = :runner ORDER BY queue_name, queue_id")
                .bind("runner", runnerId)
                .mapTo(Row.class)
                .list();
    }

    /** Those that serve now, for all runners of a workspace. */
    public static List<Row> current(Handle handle, String workspaceId, long now) {
        return handle.createQuery("""
                        SELECT * FROM serving_lease WHERE workspace_id = :workspace AND expires_at > :now
                        ORDER BY queue_name, id""")
                .bind("workspace", workspaceId)
                .bind("now", now)
                .mapTo(Row.class)
                .list();
    }

    public static void delete(Handle handle, String id) {
        handle.createUpdate("DELETE FROM serving_lease WHERE id = :id")
                .bind("id", id)
                .execute();
    }
}
