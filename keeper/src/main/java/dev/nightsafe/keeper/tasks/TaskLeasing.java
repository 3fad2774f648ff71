package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.TaskLeases;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.keys.DataKeys;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The runners' side of tasks. A task has at most one current lease; each lease has a higher fencing number than the one
 * before, and what comes under an older one is refused (I4). Everything is durable before it is answered. Thread-safe.
 */
public final class TaskLeasing {
    private static final int LONGEST_PROGRESS = 4000;
    private static final long LONGEST_PAUSE_SECS = 60;
    private static final int LONGEST_REASON = 2000;

    /** So that a runner that takes a task only to give it back can't do so in a busy loop. */
    private static final long GIVEN_BACK_PAUSE_MILLIS = 1000;

    private final Database database;
    private final Committer committer;
    private final TaskContent content;
    private final TaskTaking taking;
    private final TaskSignals signals;
    private final InstantSource clock;
    private final Duration lifetime;

    /** @param lifetime of a lease that isn't renewed */
    public TaskLeasing(
            Database database,
            Committer committer,
            Root root,
            DataKeys keys,
            TaskSignals signals,
            InstantSource clock,
            Duration lifetime) {
        this.database = database;
        this.committer = committer;
        this.content = new TaskContent(keys);
        this.taking = new TaskTaking(database, committer, root, content, signals, clock, lifetime);
        this.signals = signals;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** Takes tasks for a runner's rooms; waits for the first one. Ends the runner's poll that is open. */
    public KeeperApi.TaskLeases take(Answering.Caller caller, KeeperApi.TaskLeaseRequest request) {
        return taking.take(caller, request);
    }

    /** Renews a task's lease. Throws {@code LEASE_LOST}. */
    public KeeperApi.Beat heartbeat(Runners.Row runner, String leaseId, KeeperApi.Heartbeat beat) {
        String progress = beat.progress() == null ? null : Encoded.text("progress", beat.progress(), LONGEST_PROGRESS);
        Tasks.Row known = database.read(
                handle -> currentTask(TaskLeases.find(handle, leaseId), runner, beat.fencing(), clock.millis()));
        byte @Nullable [] encrypted =
                content.of(known.workspaceId(), known.id()).text(TaskContent.PROGRESS, progress);
        KeeperApi.Beat answer = committer.commit(transaction -> {
            Tasks.Row task = currentTask(
                    TaskLeases.find(transaction.handle(), leaseId), runner, beat.fencing(), transaction.now());
            long expiresAt = expiry(task, transaction.now());
            TaskLeases.renew(transaction.handle(), task.id(), expiresAt, encrypted);
            TaskTaking.recordGrant(transaction, task, beat.grant());
            return new KeeperApi.Beat(expiresAt, task.cancelRequested(), transaction.now());
        });
        if (encrypted != null) {
            signals.changed(known.id());
        }
        return answer;
    }

    /** A lease isn't renewed beyond the task's active timeout, so that the runner ends its work as for a lost one. */
    private long expiry(Tasks.Row task, long now) {
        long latest = task.activeUntil() == null ? Long.MAX_VALUE : task.activeUntil();
        return Math.min(now + lifetime.toMillis(), latest);
    }

    /**
     * Ends an attempt, once, and takes another task in the same step when the runner has room for one. Throws
     * {@code LEASE_LOST}.
     */
    public KeeperApi.Ended result(Runners.Row runner, String leaseId, KeeperApi.TaskResult result) {
        String outcome = Encoded.required("outcome", result.outcome());
        if (outcome.equals("given-back")) {
            return giveBack(runner, leaseId, result);
        }
        if (!outcome.equals("succeeded") && !outcome.equals("failed")) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'outcome' must be succeeded, failed or given-back");
        }
        if (result.commit() != null) {
            Encoded.text("commit", result.commit(), 64);
        }
        List<KeeperApi.Room> rooms = result.rooms() == null ? List.of() : Rooms.checked(result.rooms());
        Tasks.Row known = database.read(
                handle -> currentTask(TaskLeases.find(handle, leaseId), runner, result.fencing(), clock.millis()));
        KeeperApi.TaskResult held = OutputCheck.held(known.output(), result);
        EndContent content = new EndContent(this.content.of(known.workspaceId(), known.id()), result, held);
        boolean succeeded = held.outcome().equals("succeeded");
        Stored stored = committer.commit(transaction -> {
            long now = transaction.now();
            TaskLeases.End end = ending(known, succeeded, content, now);
            while (!TaskLeases.end(transaction.handle(), end, now)) { // another than it was just now, or lost
                Optional<Tasks.Row> task = TaskLeases.find(transaction.handle(), leaseId);
                end = ending(currentTask(task, runner, result.fencing(), now), succeeded, content, now);
            }
            List<TaskTaking.Taken> next = rooms.isEmpty() ? List.of() : taking.take(transaction, runner, rooms, 1);
            return new Stored(end, next);
        });
        signals.moved(known, stored.end.finishedAt() != null);
        return ended(stored.end.state(), taking.leases(runner, stored.next));
    }

    private record Stored(TaskLeases.End end, List<TaskTaking.Taken> next) {}

    private KeeperApi.Ended ended(String state, List<KeeperApi.TaskLease> next) {
        return new KeeperApi.Ended(state, next.isEmpty() ? null : next.getFirst(), clock.millis());
    }

    /** It waits again, with the reason; the attempt doesn't count. */
    private KeeperApi.Ended giveBack(Runners.Row runner, String leaseId, KeeperApi.TaskResult result) {
        String why = "given back: " + Encoded.text("error", result.error(), LONGEST_REASON);
        Tasks.Row row = committer.commit(transaction -> {
            long now = transaction.now();
            Tasks.Row task = currentTask(TaskLeases.find(transaction.handle(), leaseId), runner, result.fencing(), now);
            TaskLeases.giveBack(transaction.handle(), task.id(), now + GIVEN_BACK_PAUSE_MILLIS, why, now);
            return Tasks.find(transaction.handle(), task.workspaceId(), task.id())
                    .orElseThrow();
        });
        signals.moved(row);
        return ended(row.state(), List.of());
    }

    private static TaskLeases.End ending(Tasks.Row task, boolean succeeded, EndContent ended, long now) {
        if (task.cancelRequested()) {
            return ending(task, "cancelled", now, "cancelled", ended);
        }
        if (succeeded) {
            return ending(task, "succeeded", now, null, ended);
        }
        if (ended.retry && task.attempt() <= task.maxRetry()) {
            return ending(task, "pending", now + pauseMillis(task.attempt()), null, ended);
        }
        return ending(task, "failed", now, ended.why(), ended);
    }

    /** @param at when it ended, or may be taken again */
    static TaskLeases.End ending(
            Tasks.Row task, String state, long at, @Nullable String reason, @Nullable EndContent ended) {
        return new TaskLeases.End(
                task.id(),
                task.leaseId(),
                task.cancelRequested(),
                state,
                at,
                state.equals("pending") ? null : at,
                reason,
                ended == null ? null : ended.commit,
                ended == null ? null : ended.result,
                ended == null ? null : ended.error,
                ended == null ? null : ended.report,
                ended == null ? null : ended.withheld);
    }

    /** 2, 4, 8 … up to 60 s, a quarter less or more, so that what failed together isn't tried again together. */
    private static long pauseMillis(long attempt) {
        long middle = 1000 * (attempt >= 6 ? LONGEST_PAUSE_SECS : 1L << attempt);
        return ThreadLocalRandom.current().nextLong(middle - middle / 4, middle + middle / 4 + 1);
    }

    /** The task, when it is this runner's under this lease. Throws {@code LEASE_LOST}. */
    static Tasks.Row currentTask(Optional<Tasks.Row> task, Runners.Row runner, long fencing, long now) {
        return task.filter(row -> runner.id().equals(row.runnerId())
                        && row.fencing() == fencing
                        && row.leaseExpiresAt() != null
                        && row.leaseExpiresAt() > now)
                .orElseThrow(
                        () -> new NightsafeException(
                                ProblemCode.LEASE_LOST,
                                "this task lease is not current: it expired, ended, or the task went to another; stop its work"));
    }
}
