package dev.nightsafe.database.keeper;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Tasks: what was submitted, what became of it. {@link TaskLeases} has what their leases do to them. */
public final class Tasks {
    private static final String WITHOUT_CONTENT = """
            id, workspace_id, queue_id, queue_revision, queue_name, sub_queue, priority, type, state, attempt, max_retry,
            active_timeout, fencing, not_before, submitted_at, submitted_by, started_at, finished_at, lease_id,
            serving_lease_id, runner_id, lease_expires_at, active_until, cancel_requested, commit_id, reason,
            output, withheld""";

    private Tasks() {}

    /**
     * One task.
     *
     * @param state {@code pending}, {@code running}, {@code succeeded}, {@code failed}, {@code cancelled}
     * @param queueRevision of the queue's deployment when it was submitted
     * @param attempt how often it was leased
     * @param output what its result is held to, JSON; null for anything
     * @param withheld what its runner keeps to itself, names with commas between
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
            long activeTimeout,
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
            @Nullable Long activeUntil,
            boolean cancelRequested,
            @Nullable String commitId,
            @Nullable String reason,
            @Nullable String output,
            @Nullable String withheld,
            byte @Nullable [] progress,
            byte @Nullable [] payload,
            byte @Nullable [] result,
            byte @Nullable [] error,
            byte @Nullable [] report) {}

    /** What a queue lays down for its tasks; milliseconds, 0 for no limit. */
    public record Limits(long maxRetry, long pendingTimeout, long activeTimeout, long ttlCompleted, long ttlArchived) {}

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
            long submittedAt,
            String submittedBy,
            @Nullable String idempotencyKey,
            @Nullable String output,
            byte[] payload) {}

    /** The task as it is now. */
    public static Row insert(Handle handle, New task, Limits limits) {
        return handle.createQuery("""
                        INSERT INTO task (id, workspace_id, queue_id, queue_revision, queue_name, sub_queue, priority, type,
                            state, attempt, max_retry, pending_timeout, active_timeout, ttl_completed, ttl_archived,
                            idempotency_key, output, fencing, not_before, pending_until, submitted_at, submitted_by,
                            cancel_requested, payload, renewed, uncounted)
                        VALUES (:id, :workspaceId, :queueId, :queueRevision, :queueName, :subQueue, :priority, :type,
                            'pending', 0, :maxRetry, :pendingTimeout, :activeTimeout, :ttlCompleted, :ttlArchived,
                            :idempotencyKey, :output, 0, :submittedAt, :submittedAt + NULLIF(:pendingTimeout, 0), :submittedAt,
                            :submittedBy, FALSE, :payload, FALSE, 0) RETURNING *""")
                .bindMethods(task)
                .bindMethods(limits)
                .mapTo(Row.class)
                .one();
    }

    /** The task that was submitted to this queue under this key. */
    public static Optional<Row> submittedAs(Handle handle, String queueId, String idempotencyKey) {
        return handle.createQuery("SELECT * FROM task WHERE queue_id = :queue AND idempotency_key = :key")
                .bind("queue", queueId)
                .bind("key", idempotencyKey)
                .mapTo(Row.class)
                .findOne();
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
        handle.createUpdate("UPDATE task SET state = 'cancelled', reason = 'cancelled', " + TaskLeases.ENDED_NOW
                        + " WHERE id = :id AND state = 'pending'")
                .bind("id", id)
                .bind("now", now)
                .execute();
        handle.createUpdate("UPDATE task SET cancel_requested = TRUE WHERE id = :id AND state = 'running'")
                .bind("id", id)
                .execute();
    }

    /** Lets a task that failed or was cancelled begin anew, with all its attempts. False when it is in another state. */
    public static boolean retry(Handle handle, String id, long now) {
        return handle.createUpdate("""
                                UPDATE task SET state = 'pending', attempt = 0, uncounted = 0, cancel_requested = FALSE, not_before = :now,
                                    pending_until = :now + NULLIF(pending_timeout, 0), finished_at = NULL,
                                    delete_at = NULL, started_at = NULL, reason = NULL, commit_id = NULL,
                                    progress = NULL, result = NULL, error = NULL, report = NULL,
                                    withheld = NULL
                                WHERE id = :id AND state IN ('failed', 'cancelled')""").bind("id", id).bind("now", now).execute() > 0;
    }
}
