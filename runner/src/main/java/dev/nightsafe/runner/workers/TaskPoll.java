package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.outbound.Outbound;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One worker's source of tasks: at most one long poll is under way, and it stays so when the worker dies meanwhile, since
 * the keeper may just have leased it a task. For one thread.
 */
final class TaskPoll {
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");

    private final String servingLeaseId;
    private final Outbound outbound;
    private final Timings timings;
    private final Predicate<KeeperApi.TaskLease> genuine;
    private final @Nullable String commit;
    private final Disclosure permitted;
    private @Nullable CompletableFuture<Polled> underWay;
    private @Nullable Thread poller;

    /** @param pause before the next poll */
    private record Polled(@Nullable TaskInHand task, Duration pause) {}

    /**
     * @param genuine checks a lease's signature
     * @param permitted how much of what the program says may leave
     */
    TaskPoll(
            String servingLeaseId,
            Outbound outbound,
            Timings timings,
            Predicate<KeeperApi.TaskLease> genuine,
            @Nullable String commit,
            Disclosure permitted) {
        this.servingLeaseId = servingLeaseId;
        this.outbound = outbound;
        this.timings = timings;
        this.genuine = genuine;
        this.commit = commit;
        this.permitted = permitted;
    }

    /**
     * The next task, or null as soon as one of the two is completed.
     *
     * @param grant of the worker that is to do it, null when none is up
     */
    @Nullable
    TaskInHand next(@Nullable String grant, CompletableFuture<?> ended, CompletableFuture<?> stopping)
            throws InterruptedException {
        while (!ended.isDone() && !stopping.isDone()) {
            CompletableFuture<Polled> poll = underWay == null ? begin(grant) : underWay;
            await(CompletableFuture.anyOf(poll, ended, stopping), null);
            if (poll.isDone()) {
                underWay = null;
                Polled polled = poll.join();
                if (polled.task() != null) {
                    return polled.task();
                }
                if (polled.pause().isPositive()) {
                    await(CompletableFuture.anyOf(ended, stopping), polled.pause());
                }
            }
        }
        return null;
    }

    /** What to ask for with a task's end, so that no poll is needed where a task waits. */
    Outbound.Next wish(@Nullable String grant, CompletableFuture<?> stopping) {
        return underWay == null && !stopping.isDone() ? new Outbound.Next.Of(grant) : new Outbound.Next.None();
    }

    /** Takes what came with a task's end, as if a poll had brought it. */
    void brought(KeeperApi.@Nullable Ended ended, @Nullable String grant) {
        if (ended != null && ended.next() != null) {
            underWay = CompletableFuture.completedFuture(
                    polled(new KeeperApi.TaskLeases(List.of(ended.next()), ended.now()), grant));
        }
    }

    /**
     * Waits without a worker. A task that comes meanwhile is given back, since another runner may have a worker.
     *
     * @param why in this runner's or the keeper's words
     */
    void pauseWithoutWorker(Duration time, CompletableFuture<?> stopping, String why) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (!stopping.isDone() && until - System.nanoTime() > 0) {
            CompletableFuture<Polled> poll = underWay;
            Duration left = Duration.ofNanos(until - System.nanoTime());
            if (poll == null || left.compareTo(timings.grace()) < 0) {
                await(stopping, left);
                return;
            }
            await(CompletableFuture.anyOf(poll, stopping), left);
            if (poll.isDone()) {
                underWay = null;
                giveBack(poll.join(), why);
            }
        }
    }

    /** Ends the poll that is under way; a task that it brought is given back. */
    void close() {
        Thread polling = poller;
        CompletableFuture<Polled> poll = underWay;
        if (poll != null) {
            var _ = poll.thenAccept(polled -> giveBack(polled, "the runner stopped"));
        }
        if (polling != null) {
            polling.interrupt();
        }
    }

    private static void giveBack(Polled polled, String why) {
        if (polled.task() != null) {
            try (TaskInHand task = polled.task()) {
                task.giveBack(why);
            }
        }
    }

    private CompletableFuture<Polled> begin(@Nullable String grant) {
        CompletableFuture<Polled> poll = new CompletableFuture<>();
        underWay = poll;
        poller = Thread.ofVirtual().name("task poll").start(() -> poll.complete(poll(grant)));
        return poll;
    }

    private Polled poll(@Nullable String grant) {
        try {
            return polled(outbound.tasks(servingLeaseId, grant, timings.poll()), grant);
        } catch (NightsafeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no task could be asked for: {0}", e.getMessage());
            return new Polled(null, timings.retry());
        } catch (RuntimeException e) {
            // Whatever it was, the worker that waits for this poll must not wait for ever.
            LOG.log(System.Logger.Level.ERROR, "asking for a task failed", e);
            return new Polled(null, timings.retry());
        }
    }

    private Polled polled(KeeperApi.TaskLeases answer, @Nullable String grant) {
        for (KeeperApi.TaskLease lease : answer.leases()) {
            if (genuine.test(lease)) {
                LeaseEnd end = LeaseEnd.of(lease.expiresAt(), answer.now());
                return new Polled(
                        new TaskInHand(lease, end, outbound, timings, commit, grant, permitted), Duration.ZERO);
            }
        }
        return new Polled(null, Duration.ZERO);
    }

    private static void await(CompletableFuture<?> future, @Nullable Duration time) throws InterruptedException {
        try {
            if (time == null) {
                future.get();
            } else {
                future.get(time.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            // The caller looks for itself what has happened.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
