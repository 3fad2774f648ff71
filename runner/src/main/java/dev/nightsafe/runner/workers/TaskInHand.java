package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.outbound.Outbound;
import dev.nightsafe.runner.outbound.SignInRefused;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A leased task: keeps its lease alive, passes progress on, delivers its end. From the moment at which the lease could
 * be lost, {@link #stopped} says so early enough to end the worker before it is (I4). Thread-safe.
 */
final class TaskInHand implements WorkerValues.Attempt, AutoCloseable {
    /** Why work on the task must stop. */
    enum Stop {
        /** Somebody cancelled it. */
        CANCELLED,
        /** The lease is lost, or will be, since the keeper can't be reached: another runner may have the task. */
        LOST
    }

    private static final int LONGEST_REASON = 1900;
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");

    private final KeeperApi.TaskLease lease;
    private final Outbound outbound;
    private final Timings timings;
    private final @Nullable String commit;
    private final @Nullable String grant;
    private final Disclosure permitted;
    private final Runnable onClose;
    private final long leaseMillis;
    private final CompletableFuture<Stop> stopped = new CompletableFuture<>();
    private LeaseEnd end;
    private @Nullable String progress;
    /** Ended with the task: one that waited on would hold the task's payload until its lease would have been over. */
    private CompletableFuture<Boolean> alarm = new CompletableFuture<>();

    private boolean closed;

    /**
     * Begins to keep the lease.
     *
     * @param end when the lease is over, unless it is renewed
     * @param commit what the worker runs, for the task's record
     * @param grant with which the task was asked for, null for none
     * @param permitted how much of what the program says may leave
     * @param onClose told once, when the task isn't in hand any more
     */
    TaskInHand(
            KeeperApi.TaskLease lease,
            LeaseEnd end,
            Outbound outbound,
            Timings timings,
            @Nullable String commit,
            @Nullable String grant,
            Disclosure permitted,
            Runnable onClose) {
        this.lease = lease;
        this.outbound = outbound;
        this.timings = timings;
        this.commit = commit;
        this.grant = grant;
        this.permitted = permitted;
        this.onClose = onClose;
        this.end = end;
        this.leaseMillis = Math.max(1, end.millisLeft());
        Thread.ofVirtual().name("heartbeat").start(this::beat);
        watch();
    }

    KeeperApi.TaskLease lease() {
        return lease;
    }

    @Override
    public KeeperApi.@Nullable SameValues wanted() {
        return lease.values();
    }

    /** For what the program prints while it has the task. */
    TaskLog log() {
        boolean leaves = permitted.logs() == Disclosure.Logs.TRANSMIT;
        return new TaskLog(
                lease.fencing(), leaves ? logs -> outbound.logs(lease.leaseId(), logs, permitted) : null, timings);
    }

    CompletableFuture<Stop> stopped() {
        return stopped;
    }

    /** How long SIGTERM may take until SIGKILL, so that the worker has ended when the lease does. */
    Duration patience() {
        return Duration.ofMillis(leaseMillis / 12);
    }

    /**
     * Has the keeper write down which grant the worker has that is about to get the task, unless the task was asked for with it;
     * false when the lease ended over it.
     */
    @Override
    public boolean recordGrant(@Nullable String ofWorker) {
        while (ofWorker != null && !ofWorker.equals(grant)) {
            try {
                KeeperApi.Heartbeat beat = new KeeperApi.Heartbeat(lease.fencing(), null, ofWorker);
                renewed(outbound.heartbeat(lease.leaseId(), beat, permitted));
                return true;
            } catch (NightsafeException e) {
                if (isLost(e) || isOver() || !pause(timings.retry())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Passed on with a heartbeat, soon. */
    synchronized void progress(String text) {
        progress = text.length() <= 1000 ? text : text.substring(0, 1000);
        notifyAll();
    }

    /**
     * Passes its end on.
     *
     * @param wishes asked each time that it is tried
     */
    void deliver(WorkerMessage.Reply reply, Supplier<Wish> wishes) {
        boolean succeeded = reply.error().isEmpty();
        deliver(
                new KeeperApi.TaskResult(
                        lease.fencing(),
                        succeeded ? "succeeded" : "failed",
                        reply.result(),
                        succeeded ? null : reply.error(),
                        !succeeded && reply.retry(),
                        reply.report(),
                        commit),
                permitted,
                wishes);
    }

    /**
     * Reports that the task wasn't done through no fault of its program's; its attempt doesn't count.
     *
     * @param why in this runner's or the keeper's words, never the program's: it rests unencrypted
     */
    void giveBack(String why) {
        String reason = why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON - 1) + "…";
        deliver(new KeeperApi.TaskResult(lease.fencing(), "given-back", null, reason, false, null, commit));
    }

    /** Reports that the task failed. */
    void fail(String why, boolean retry) {
        deliver(new KeeperApi.TaskResult(lease.fencing(), "failed", null, why, retry, null, commit));
    }

    private void deliver(KeeperApi.TaskResult result) {
        deliver(result, Disclosure.USUAL, null);
    }

    /** Tries until the keeper has it or the lease is over. */
    private void deliver(KeeperApi.TaskResult result, Disclosure disclosure, @Nullable Supplier<Wish> wishes) {
        KeeperApi.TaskResult sending = result;
        Disclosure allowed = disclosure;
        Duration pause = timings.retry();
        while (!isOver()) {
            try {
                deliverOnce(sending, allowed, wishes);
                return;
            } catch (NightsafeException e) {
                if (isLost(e)) {
                    break;
                }
                if (isRefused(e)) {
                    sending = replacement(e);
                    allowed = Disclosure.USUAL; // those are our words
                }
            }
            if (!pause(pause)) {
                break;
            }
        }
        LOG.log(System.Logger.Level.WARNING, "the result of task {0} wasn''t taken: its lease is over", lease.taskId());
    }

    private void deliverOnce(KeeperApi.TaskResult result, Disclosure disclosure, @Nullable Supplier<Wish> wishes) {
        if (wishes == null) {
            outbound.result(lease.leaseId(), result, disclosure, List.of());
            return;
        }
        try (Wish wish = wishes.get()) {
            wish.answered(outbound.result(lease.leaseId(), result, disclosure, wish.rooms()));
        }
    }

    private KeeperApi.TaskResult replacement(NightsafeException e) {
        return new KeeperApi.TaskResult(
                lease.fencing(),
                "failed",
                null,
                "the result can't be passed on: " + e.getMessage(),
                false,
                null,
                commit);
    }

    private static boolean isLost(NightsafeException e) {
        return e instanceof SignInRefused || e.code() == ProblemCode.LEASE_LOST || e.code() == ProblemCode.NOT_FOUND;
    }

    private static boolean isRefused(NightsafeException e) {
        return e.code() == ProblemCode.BAD_REQUEST || e.code() == ProblemCode.BODY_TOO_LARGE;
    }

    private void beat() {
        Duration interval = timings.heartbeat() == null
                ? Duration.ofMillis(leaseMillis / 3)
                : min(timings.heartbeat(), Duration.ofMillis(leaseMillis / 3));
        Duration wait = interval;
        while (awaitBeat(wait)) {
            try {
                String text = takeProgress();
                KeeperApi.Heartbeat said = new KeeperApi.Heartbeat(lease.fencing(), text, null);
                KeeperApi.Beat beat = outbound.heartbeat(lease.leaseId(), said, permitted);
                renewed(beat);
                if (beat.cancelled()) {
                    stopped.complete(Stop.CANCELLED);
                }
                wait = interval;
            } catch (NightsafeException e) {
                if (isLost(e)) {
                    stopped.complete(Stop.LOST);
                    return;
                }
                wait = min(timings.retry(), interval);
            }
            if (!pause(min(timings.progress(), interval))) {
                return;
            }
        }
    }

    /** Completes {@link #stopped} when a sixth of the lease is left and it wasn't renewed. */
    private void watch() {
        long left = millisLeft() - leaseMillis / 6;
        if (left <= 0) {
            stopped.complete(Stop.LOST);
            return;
        }
        synchronized (this) {
            if (!closed) {
                alarm = new CompletableFuture<Boolean>().completeOnTimeout(true, left, TimeUnit.MILLISECONDS);
                var _ = alarm.thenAcceptAsync(
                        _ -> watch(), command -> Thread.ofVirtual().start(command));
            }
        }
    }

    private synchronized boolean awaitBeat(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (!closed && progress == null && until - System.nanoTime() > 0) {
            if (!await(until - System.nanoTime())) {
                return false;
            }
        }
        return !closed;
    }

    /** False when the task is closed. */
    private synchronized boolean pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (!closed && until - System.nanoTime() > 0) {
            if (!await(until - System.nanoTime())) {
                return false;
            }
        }
        return !closed;
    }

    private synchronized boolean await(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, 1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized @Nullable String takeProgress() {
        String taken = progress;
        progress = null;
        return taken;
    }

    private synchronized void renewed(KeeperApi.Beat beat) {
        end = end.later(LeaseEnd.of(beat.expiresAt(), beat.now()));
    }

    private boolean isOver() {
        return millisLeft() <= 0;
    }

    private synchronized long millisLeft() {
        return end.millisLeft();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            alarm.cancel(false);
            notifyAll();
        }
        onClose.run();
    }
}
