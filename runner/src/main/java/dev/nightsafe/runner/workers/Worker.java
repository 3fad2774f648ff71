package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one worker up and feeds it, on a thread of its own: starts it, waits until it is ready, takes a task, passes on
 * its end; restarts it when it ends by itself, however it did. A one-shot worker is started once to see that it gets
 * ready, and then anew, with values granted anew, for each task.
 */
final class Worker {
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");
    /** Hears of each change. */
    interface Listener {
        void changed(int number, WorkerState state, String detail);
    }

    private static final String NOT_RECORDED = "the keeper could not write down which values its worker has";
    private static final String OTHER_VALUES = "its worker got new values just before it began";
    /** Nobody must act: it passes. */
    static final Set<ProblemCode> AWAY = EnumSet.of(
            ProblemCode.UNREACHABLE,
            ProblemCode.KEEPER_UNAVAILABLE,
            ProblemCode.DATABASE_UNAVAILABLE,
            ProblemCode.OVERLOADED,
            ProblemCode.TOO_MANY_REQUESTS);

    static final String NOT_TAKEN = "its worker ended before it could take it";

    private final int number;
    private final WorkerStarter starter;
    private final TaskSource tasks;
    private final Timings timings;
    private final Listener listener;
    private final Backoff crashes;
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final CompletableFuture<Void> hurry = new CompletableFuture<>();
    private final Thread thread;
    private boolean proved;

    Worker(int number, WorkerStarter starter, TaskSource tasks, Listener listener) {
        this.number = number;
        this.starter = starter;
        this.tasks = tasks;
        this.timings = starter.timings();
        this.listener = listener;
        this.crashes = new Backoff(timings.backoffFirst(), timings.backoffLongest());
        this.thread = Thread.ofPlatform().daemon().name("worker " + number).unstarted(this::run);
    }

    /** One that takes its place once it has ended: with the same code, values granted anew, and a task that came meanwhile. */
    Worker successor(Listener hears) {
        return new Worker(number, starter, tasks, hears);
    }

    int number() {
        return number;
    }

    void start() {
        thread.start();
    }

    /** Takes no more tasks; what runs may go on. */
    void drain() {
        stopping.complete(null);
    }

    /** Gives up what still runs. */
    void hurry() {
        stopping.complete(null);
        hurry.complete(null);
    }

    /** Waits for its end; false when it isn't there in time. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    /** After the serving lease was given back: gives back a task that nobody took. */
    void close() {
        tasks.close();
    }

    private void run() {
        try {
            while (!stopping.isDone()) {
                try {
                    if (starter.deployment().mode() == Deployment.Mode.ONE_SHOT) {
                        serveOneShot();
                    } else {
                        serve();
                    }
                } catch (WorkerFailure e) {
                    crashed(String.valueOf(e.getMessage()));
                } catch (NightsafeException e) {
                    refused(e);
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "worker " + number + " can't go on", e);
                    crashed("it can't go on; the runner's log says more");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() throws WorkerFailure, InterruptedException {
        TaskInHand apart = serveUntilOneIsApart();
        if (apart != null) {
            runAlone(apart);
        }
    }

    /** Serves; returns a task that must be done with other values than this worker has, or null at the end. */
    private @Nullable TaskInHand serveUntilOneIsApart() throws WorkerFailure, InterruptedException {
        try (WorkerProcess process = starter.start(number, null)) {
            awaitReady(process);
            listener.changed(number, WorkerState.READY, "");
            long readySince = System.nanoTime();
            while (true) {
                TaskInHand task = tasks.next(process.values().grant(), process.ended(), stopping);
                if (task == null) {
                    break;
                }
                if (!process.isAlive()) {
                    giveBack(task);
                    break;
                }
                if (!process.values().fit(task)) {
                    return task;
                }
                if (!run(process, task, true)) {
                    return null;
                }
                crashes.reset();
            }
            if (System.nanoTime() - readySince > timings.stable().toNanos()) {
                crashes.reset();
            }
            if (!stopping.isDone()) {
                throw new WorkerFailure(process.end() + " while it was idle");
            }
            return null;
        }
    }

    private void serveOneShot() throws WorkerFailure, InterruptedException {
        if (!proved) {
            try (WorkerProcess process = starter.start(number, null)) {
                awaitReady(process);
                proved = true;
            }
        }
        listener.changed(number, WorkerState.READY, "");
        TaskInHand task = tasks.next(null, new CompletableFuture<>(), stopping);
        if (task != null) {
            runAlone(task);
        }
    }

    /** By a process of its own, with the values that the task must be done with. */
    private void runAlone(TaskInHand task) throws WorkerFailure, InterruptedException {
        KeeperApi.SameValues values = task.lease().values();
        proved = false; // until this task has shown the contrary
        try (task) {
            WorkerProcess process;
            try {
                process = starter.start(number, values == null ? null : values.grant());
            } catch (NightsafeException e) {
                if (e.code() == ProblemCode.VERSIONS_GONE) {
                    task.fail(String.valueOf(e.getMessage()), false); // they won't come back
                    return;
                }
                task.giveBack(String.valueOf(e.getMessage()));
                throw e;
            }
            try (process) {
                awaitReady(process, task);
                run(process, task, false);
            }
        }
        proved = true;
        crashes.reset();
    }

    private void awaitReady(WorkerProcess process, TaskInHand task) throws WorkerFailure, InterruptedException {
        try {
            awaitReady(process);
        } catch (WorkerFailure e) {
            task.fail(String.valueOf(e.getMessage()), true);
            throw e;
        }
    }

    private void awaitReady(WorkerProcess process) throws WorkerFailure, InterruptedException {
        process.awaitReady(Duration.ofSeconds(starter.deployment().startupTimeoutSecs()));
    }

    /**
     * Runs one task to its end. False when the process was ended for it.
     *
     * @param stays whether the process takes another task after it
     */
    private boolean run(WorkerProcess process, TaskInHand task, boolean stays)
            throws WorkerFailure, InterruptedException {
        try (task;
                TaskLog log = task.log()) {
            WorkerValues.Begun begun = process.values().begin(task);
            if (begun != WorkerValues.Begun.YES) {
                task.giveBack(begun == WorkerValues.Begun.OTHER_VALUES ? OTHER_VALUES : NOT_RECORDED);
                return true;
            }
            Conversation talk = process.give(task.lease(), task::progress, log);
            await(CompletableFuture.anyOf(talk.reply(), task.stopped(), process.ended(), hurry));
            if (talk.reply().isDone()) {
                log.finish(process::flushPrinted);
                deliver(process, task, stays, talk.reply().join());
                return true;
            }
            if (process.ended().isDone()) {
                String why = process.end();
                log.finish(process::flushPrinted);
                task.fail(why, true);
                throw new WorkerFailure(why);
            }
            stop(process, task, log);
            return false;
        } finally {
            process.values().end();
        }
    }

    private void deliver(WorkerProcess process, TaskInHand task, boolean stays, WorkerMessage.Reply reply) {
        boolean goesOn = stays && process.isAlive() && !stopping.isDone();
        tasks.deliver(task, reply, process.values().grant(), goesOn);
    }

    private static void giveBack(TaskInHand task) {
        try (task) {
            task.giveBack(NOT_TAKEN);
        }
    }

    private void stop(WorkerProcess process, TaskInHand task, TaskLog log) throws InterruptedException {
        TaskInHand.Stop why = task.stopped().getNow(null);
        process.kill(why == null ? timings.grace() : task.patience());
        if (why != TaskInHand.Stop.LOST) {
            log.finish(process::flushPrinted);
        }
        if (why == null) {
            task.giveBack("its runner stopped before it was done");
        } else if (why == TaskInHand.Stop.CANCELLED) {
            task.fail("cancelled", false);
        }
    }

    private void crashed(String why) throws InterruptedException {
        Duration delay = crashes.next();
        String next = why + "; next try in " + Math.max(1, delay.toSeconds()) + " s";
        listener.changed(number, crashes.isDegraded() ? WorkerState.DEGRADED : WorkerState.STARTING, next);
        tasks.pauseWithoutWorker(delay, stopping, NOT_TAKEN);
    }

    /** A grant that isn't given, or a value that doesn't fit: no failure of the program's, and somebody must act. */
    private void refused(NightsafeException e) throws InterruptedException {
        boolean away = AWAY.contains(e.code());
        String why = String.valueOf(e.getMessage());
        listener.changed(number, away ? WorkerState.STARTING : WorkerState.DEGRADED, why);
        tasks.pauseWithoutWorker(away ? timings.retry() : timings.consent(), stopping, why);
    }

    private static void await(CompletableFuture<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For tests and messages. */
    @Override
    public @Nullable String toString() {
        return "worker " + number;
    }
}
