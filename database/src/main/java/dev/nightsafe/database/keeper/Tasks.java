package dev.nightsafe.database.keeper;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Tasks: what was submitted, what became of it. {@link TaskLeases} has what their leases do to them. */
public final class Tasks {
    private static final String WITHOUT_CONTENT = """
            id, workspace_id, queue_id, queue_revision, queue_name, sub_queue, priority, type, state, attempt, max_retry, fencing,
            not_before, submitted_at, submitted_by, started_at, finished_at, lease_id, serving_lease_id, runner_id,
            lease_expires_at, cancel_requested, commit_id, reason""";

    private Tasks() {}

    /**
     * One task.
     *
     * @param state {@code pending}, {@code running}, {@code succeeded}, {@code failed}, {@code cancelled}
     * @param queueRevision of the queue's deployment when it was submitted
     * @param attempt how often it was leased
     * @param progress encrypted like payload, result, error and report; all null in a list
     */
    public record Row(
            String id,
            String workspaceId,
            String queueId,
            long queueRevision,
            String queueName,
            String subQueue,
            long priority,
            @Nullable String type,
            String state,
            long attempt,
            long maxRetry,
            long fencing,
            long notBefore,
            long submittedAt,
            String submittedBy,
            @Nullable Long startedAt,
            @Nullable Long finishedAt,
            @Nullable String leaseId,
            @Nullable String servingLeaseId,
            @Nullable String runnerId,
            @Nullable Long leaseExpiresAt,
            boolean cancelRequested,
            @Nullable String commitId,
            @Nullable String reason,
            byte @Nullable [] progress,
            byte @Nullable [] payload,
            byte @Nullable [] result,
            byte @Nullable [] error,
            byte @Nullable [] report) {}

    /** What is submitted. */
    public record New(
            String id,
            String workspaceId,
            String queueId,
            long queueRevision,
            String queueName,
            String subQueue,
            long priority,
            @Nullable String type,
            long maxRetry,
            long submittedAt,
            String submittedBy,
            byte[] payload) {}

    public static void insert(Handle handle, New task) {
        handle.createUpdate("""
                        INSERT INTO task (id, workspace_id, queue_id, queue_revision, queue_name, sub_queue, priority, type, state,
                            attempt, max_retry, fencing, not_before, submitted_at, submitted_by, cancel_requested, payload)
                        VALUES (:id, :workspaceId, :queueId, :queueRevision, :queueName, :subQueue, :priority, :type, 'pending', 0,
                            :maxRetry, 0, :submittedAt, :submittedAt, :submittedBy, FALSE, :payload)""").bindMethods(task).execute();
    }

    public static Optional<Row> find(Handle handle, String workspaceId, String id) {
        return handle.createQuery("SELECT * FROM task WHERE id = :id AND workspace_id = :workspace")
                .bind("id", id)
                .bind("workspace", workspaceId)
                .mapTo(Row.class)
                .findOne();
    }

    /** The newest first. */
    public static List<Row> list(
            Handle handle, String workspaceId, @Nullable String queueId, @Nullable String state, int limit) {
        String sql = "SELECT " + WITHOUT_CONTENT
                + ", NULL AS progress, NULL AS payload, NULL AS result, NULL AS error, NULL AS report"
                + " FROM task WHERE workspace_id = :workspace"
                + (queueId == null ? "" : " AND queue_id = :queue")
                + (state == null ? "" : " AND state = :state")
                + " ORDER BY submitted_at DESC, id DESC LIMIT :limit";
        Query query = handle.createQuery(sql).bind("workspace", workspaceId).bind("limit", limit);
        if (queueId != null) {
            query.bind("queue", queueId);
        }
        if (state != null) {
            query.bind("state", state);
        }
        return query.mapTo(Row.class).list();
    }

    /** True when a queue has a task that could be taken now. */
    public static boolean hasWork(Handle handle, String queueId, long now) {
        return handle.createQuery("""
                        SELECT 1 FROM task WHERE queue_id = :queue AND state = 'pending' AND not_before <= :now LIMIT 1""")
                .bind("queue", queueId)
                .bind("now", now)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** The tasks of a queue that haven't ended and aren't being cancelled, without content. */
    public static List<Row> open(Handle handle, String workspaceId, String queueId) {
        return handle.createQuery("SELECT " + WITHOUT_CONTENT
                        + ", NULL AS progress, NULL AS payload, NULL AS result, NULL AS error, NULL AS report FROM task"
                        + " WHERE workspace_id = :workspace AND queue_id = :queue AND finished_at IS NULL"
                        + " AND NOT cancel_requested")
                .bind("workspace", workspaceId)
                .bind("queue", queueId)
                .mapTo(Row.class)
                .list();
    }

    /** Cancels a pending task, or asks for it when it runs; one that ended stays as it is. */
    public static void cancel(Handle handle, String id, long now) {
        handle.createUpdate("""
                        UPDATE task SET state = 'cancelled', finished_at = :now, reason = 'cancelled'
                        WHERE id = :id AND state = 'pending'""").bind("id", id).bind("now", now).execute();
        handle.createUpdate("UPDATE task SET cancel_requested = TRUE WHERE id = :id AND state = 'running'")
                .bind("id", id)
                .execute();
    }
}
