package dev.nightsafe.runner.workers;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One worker's tasks: from the runner's poll, or with the end of the task before. For one thread. */
final class TaskSource {
    private final TaskPoll poll;
    private final ServedLease lease;
    private final Timings timings;
    private @Nullable TaskInHand brought;

    TaskSource(TaskPoll poll, ServedLease lease, Timings timings) {
        this.poll = poll;
        this.lease = lease;
        this.timings = timings;
    }

    /**
     * The next task, or null as soon as one of the two is completed.
     *
     * @param grant of the worker that is to do it, null when none is up
     */
    @Nullable
    TaskInHand next(@Nullable String grant, CompletableFuture<?> ended, CompletableFuture<?> stopping)
            throws InterruptedException {
        if (ended.isDone() || stopping.isDone()) {
            return null;
        }
        TaskInHand known = brought;
        if (known != null) {
            brought = null;
            return known;
        }
        Room room = poll.enter(lease, grant);
        try {
            await(CompletableFuture.anyOf(room.task(), ended, stopping), null);
        } catch (InterruptedException e) {
            brought = poll.leave(room);
            throw e;
        }
        return poll.leave(room);
    }

    /**
     * Passes on a task's end, and asks for the next one in the same step.
     *
     * @param grant of the worker
     * @param goesOn whether the worker can take another task
     */
    void deliver(TaskInHand task, WorkerMessage.Reply reply, @Nullable String grant, boolean goesOn) {
        Room own = goesOn ? new Room(lease, grant) : null;
        task.deliver(reply, () -> poll.wish(own));
        brought = own == null ? null : poll.leave(own);
    }

    /**
     * Waits without a worker. A task that is there already is given back, since another runner may have a worker.
     *
     * @param why in this runner's or the keeper's words
     */
    void pauseWithoutWorker(Duration time, CompletableFuture<?> stopping, String why) throws InterruptedException {
        if (time.compareTo(timings.grace()) >= 0) {
            giveBack(why);
        }
        await(stopping, time);
    }

    /** Gives back a task that nobody took. */
    void close() {
        giveBack("the runner stopped");
    }

    private void giveBack(String why) {
        TaskInHand known = brought;
        brought = null;
        if (known != null) {
            try (known) {
                known.giveBack(why);
            }
        }
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
