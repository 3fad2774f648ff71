package dev.nightsafe.database.keeper;

import dev.nightsafe.database.engine.Engine;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What leases do to tasks. A lease is current while its task runs under its id and it hasn't expired. */
public final class TaskLeases {
    /** For a task that ended now, in any way but success. */
    static final String ENDED_NOW = "finished_at = :now, delete_at = :now + NULLIF(ttl_archived, 0)";

    private static final String UNLEASED = """
            lease_id = NULL, serving_lease_id = NULL, lease_expires_at = NULL, active_until = NULL""";

    /** So often a task's attempt doesn't count because its runner wasn't heard of: it may be the task that ends its runners. */
    private static final int MOST_UNCOUNTED = 3;

    /**
     * The answer that brought the lease to its runner got lost, as far as can be seen. What mustn't be tried twice isn't, and
     * a lease that ended with the task's active timeout was due to end before it was renewed.
     */
    private static final String UNHEARD_OF = "NOT renewed AND max_retry > 0 AND uncounted < " + MOST_UNCOUNTED
            + " AND (active_until IS NULL OR lease_expires_at < active_until)";

    private TaskLeases() {}

    /**
     * A lease to be made.
     *
     * @param queueRevision of the deployment that the runner serves
     * @param expiresAt at the latest; a task's active timeout may end it sooner
     */
    public record New(
            String leaseId,
            String servingLeaseId,
            String runnerId,
            String queueId,
            long queueRevision,
            long expiresAt) {}

    /** Takes the oldest task of a sub-queue that was submitted to this deployment or an earlier one. */
    public static Optional<Tasks.Row> take(Handle handle, Engine engine, New lease, String subQueue, long now) {
        return handle.createQuery("""
                        UPDATE task SET state = 'running', attempt = attempt + 1, fencing = fencing + 1,
                            lease_id = :leaseId, serving_lease_id = :servingLeaseId, runner_id = :runnerId,
                            active_until = :now + NULLIF(active_timeout, 0),
                            lease_expires_at = CASE WHEN active_timeout > 0 AND :now + active_timeout < :expiresAt
                                THEN :now + active_timeout ELSE :expiresAt END,
                            started_at = COALESCE(started_at, :now), reason = NULL, progress = NULL, renewed = FALSE
                        WHERE id = (SELECT id FROM task
                            WHERE queue_id = :queueId AND state = 'pending' AND sub_queue = :subQueue
                                AND not_before <= :now AND queue_revision <= :queueRevision
                            ORDER BY submitted_at, id LIMIT 1""" + engine.skipLocked() + """
                        ) RETURNING *""")
                .bindMethods(lease)
                .bind("subQueue", subQueue)
                .bind("now", now)
                .mapTo(Tasks.Row.class)
                .findOne();
    }

    /** The task that runs under this lease, expired or not. */
    public static Optional<Tasks.Row> find(Handle handle, String leaseId) {
        return handle.createQuery("SELECT * FROM task WHERE lease_id = :lease AND state = 'running'")
                .bind("lease", leaseId)
                .mapTo(Tasks.Row.class)
                .findOne();
    }

    /** @param progress encrypted; null leaves what is there */
    public static void renew(Handle handle, String taskId, long expiresAt, byte @Nullable [] progress) {
        handle.createUpdate("""
                        UPDATE task SET lease_expires_at = :expiresAt, renewed = TRUE,
                            progress = COALESCE(:progress, progress)
                        WHERE id = :id""")
                .bind("id", taskId)
                .bind("expiresAt", expiresAt)
                .bind("progress", progress)
                .execute();
    }

    /**
     * How an attempt ended; the contents are encrypted.
     *
     * @param leaseId of the attempt
     * @param cancelRequested as it was when the state was chosen
     */
    public record End(
            String id,
            @Nullable String leaseId,
            boolean cancelRequested,
            String state,
            long notBefore,
            @Nullable Long finishedAt,
            @Nullable String reason,
            @Nullable String commitId,
            byte @Nullable [] result,
            byte @Nullable [] error,
            byte @Nullable [] report,
            @Nullable String withheld) {}

    /** False when the lease isn't current, or the task was cancelled since: nothing is changed. */
    public static boolean end(Handle handle, End end, long now) {
        return handle.createUpdate("UPDATE task SET state = :state, not_before = :notBefore,"
                                + " pending_until = :notBefore + NULLIF(pending_timeout, 0), finished_at = :finishedAt,"
                                + " delete_at = :finishedAt + NULLIF(CASE WHEN :state = 'succeeded' THEN ttl_completed"
                                + " ELSE ttl_archived END, 0),"
                                + " reason = :reason, commit_id = :commitId, result = :result, error = :error,"
                                + " report = :report, withheld = :withheld, " + UNLEASED
                                + " WHERE id = :id AND lease_id = :leaseId AND lease_expires_at > :now"
                                + " AND cancel_requested = :cancelRequested")
                        .bindMethods(end)
                        .bind("now", now)
                        .execute()
                > 0;
    }

    /** Puts one task back to its queue; the attempt doesn't count. */
    public static void giveBack(Handle handle, String taskId, long notBefore, String reason, long now) {
        handle.createUpdate("UPDATE task SET state = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'pending' END,"
                        + whenEnded("cancel_requested")
                        + " started_at = CASE WHEN attempt > 1 THEN started_at ELSE NULL END,"
                        + " attempt = attempt - 1, not_before = :notBefore,"
                        + " reason = CASE WHEN cancel_requested THEN 'cancelled' ELSE :reason END, " + UNLEASED
                        + " WHERE id = :id")
                .bind("id", taskId)
                .bind("notBefore", notBefore)
                .bind("reason", reason)
                .bind("now", now)
                .execute();
    }

    /** True when {@link #expire} would find something. */
    public static boolean anyExpired(Handle handle, long now) {
        return exists(handle, "state = 'running' AND lease_expires_at <= :now", now);
    }

    /**
     * Takes tasks back whose lease expired: to their queue, or to their end when no attempt is left. An attempt under a lease
     * that was never renewed doesn't count, three times at most.
     */
    public static List<Tasks.Row> expire(Handle handle, long now) {
        return handle.createQuery("UPDATE task SET state = CASE WHEN cancel_requested THEN 'cancelled'"
                        + " WHEN attempt <= max_retry OR " + UNHEARD_OF + " THEN 'pending' ELSE 'failed' END,"
                        + whenEnded("cancel_requested OR attempt > max_retry AND NOT (" + UNHEARD_OF + ")")
                        + " attempt = attempt - CASE WHEN " + UNHEARD_OF + " THEN 1 ELSE 0 END,"
                        + " uncounted = uncounted + CASE WHEN " + UNHEARD_OF + " THEN 1 ELSE 0 END,"
                        + " not_before = :now, pending_until = :now + NULLIF(pending_timeout, 0),"
                        + " reason = CASE WHEN " + UNHEARD_OF
                        + " THEN 'its runner was not heard of again: lease expired, the attempt does not count'"
                        + " WHEN active_until <= :now THEN 'ran longer than active_timeout allows'"
                        + " ELSE 'lease expired' END, "
                        + UNLEASED + " WHERE state = 'running' AND lease_expires_at <= :now RETURNING *")
                .bind("now", now)
                .mapTo(Tasks.Row.class)
                .list();
    }

    /** Ends tasks that waited longer than their queue allows. */
    public static List<Tasks.Row> failOverdue(Handle handle, long now) {
        return handle.createQuery(
                        "UPDATE task SET state = 'failed', reason = 'waited longer than pending_timeout allows', "
                                + ENDED_NOW + " WHERE state = 'pending' AND pending_until <= :now RETURNING *")
                .bind("now", now)
                .mapTo(Tasks.Row.class)
                .list();
    }

    /** True when {@link #failOverdue} would find something. */
    public static boolean anyOverdue(Handle handle, long now) {
        return exists(handle, "state = 'pending' AND pending_until <= :now", now);
    }

    /** Deletes tasks that were kept long enough, a thousand at most; how many. */
    public static int deleteOld(Handle handle, long now) {
        return handle.createUpdate(
                        "DELETE FROM task WHERE id IN (SELECT id FROM task WHERE delete_at <= :now LIMIT 1000)")
                .bind("now", now)
                .execute();
    }

    /** True when {@link #deleteOld} would find something. */
    public static boolean anyOld(Handle handle, long now) {
        return exists(handle, "delete_at <= :now", now);
    }

    private static boolean exists(Handle handle, String condition, long now) {
        return handle.createQuery("SELECT 1 FROM task WHERE " + condition + " LIMIT 1")
                .bind("now", now)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static String whenEnded(String condition) {
        return " finished_at = CASE WHEN " + condition + " THEN :now ELSE NULL END," + " delete_at = CASE WHEN "
                + condition + " THEN :now + NULLIF(ttl_archived, 0) ELSE NULL END,";
    }

    /** Puts the tasks that run under a serving lease back to their queue; the attempt doesn't count. */
    public static List<Tasks.Row> putBackOfServingLease(Handle handle, String servingLeaseId, long now) {
        return putBack(handle, "serving_lease_id", servingLeaseId, now);
    }

    /** Puts a runner's tasks back to their queues; the attempt doesn't count. */
    public static List<Tasks.Row> putBackOfRunner(Handle handle, String runnerId, long now) {
        return putBack(handle, "runner_id", runnerId, now);
    }

    private static List<Tasks.Row> putBack(Handle handle, String column, String id, long now) {
        return handle.createQuery(
                        "UPDATE task SET state = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'pending' END,"
                                + whenEnded("cancel_requested")
                                + " attempt = attempt - 1, not_before = :now,"
                                + " pending_until = :now + NULLIF(pending_timeout, 0), reason = 'given back', "
                                + UNLEASED
                                + " WHERE state = 'running' AND " + column + " = :id RETURNING *")
                .bind("id", id)
                .bind("now", now)
                .mapTo(Tasks.Row.class)
                .list();
    }
}
