package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.local.WorkerLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One deployment under one serving lease: bootstraps it and keeps its workers up until it is stopped. A bootstrap that
 * fails is tried again with the same pauses as a worker that crashes. Thread-safe.
 */
public final class ServedQueue {
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");

    /**
     * How the queue is.
     *
     * @param detail a sentence for people, {@code ""} for none
     */
    public record Status(WorkerState state, String detail) {}

    private final KeeperApi.ServingLease lease;
    private final Machine machine;
    private final Grants grants;
    private final Predicate<KeeperApi.TaskLease> genuine;
    private final Runnable changed;
    private final WorkerLog log;
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final List<Worker> workers = new ArrayList<>();
    private final TreeMap<Integer, Status> statuses = new TreeMap<>();
    private final Thread bootstrap;
    private final RollingRestart restart;
    private final NewValues news = new NewValues(this::report);

    /**
     * @param lease checked and allowed
     * @param genuine checks a task lease's signature
     * @param changed called when {@link #status} has changed, from any thread
     */
    public ServedQueue(
            KeeperApi.ServingLease lease,
            Machine machine,
            Grants grants,
            Predicate<KeeperApi.TaskLease> genuine,
            Runnable changed) {
        this.lease = lease;
        this.machine = machine;
        this.grants = grants;
        this.genuine = genuine;
        this.changed = changed;
        this.log = new WorkerLog(machine.config().folder(), lease.queue());
        this.bootstrap =
                Thread.ofPlatform().daemon().name("bootstrap " + lease.queue()).unstarted(this::bootstrap);
        this.restart = new RollingRestart(lease.queue(), bootstrap, workers, stopping, this::report, changed);
    }

    /** Begins the bootstrap. */
    public void start() {
        report(0, WorkerState.STARTING, "preparing code and environment");
        bootstrap.start();
    }

    /** Starts each worker anew, one after the other, each after the task that it has; the same number again does nothing. */
    public void restart(long number) {
        restart.ask(number);
    }

    /** A worker would be granted other values now than before: does what the queue says of that. */
    public void newValues() {
        Deployment deployment = deployment(lease);
        switch (deployment.renewal().onChange()) {
            case RESTART -> {
                // Each task of a one-shot worker has values granted anew, and so have workers that aren't there yet.
                if (deployment.mode() == Deployment.Mode.LONG_RUNNING
                        && !workers().isEmpty()) {
                    log.add("runner", "a value is new; the workers start anew");
                    restart.askForNewValues();
                }
            }
            case SIGNAL, LIVE -> news.tell();
            case NEXT_BOOTSTRAP -> log.add("runner", "a value is new; workers have it from their next start on");
        }
    }

    /** The last restart that all workers have behind them, null for none. */
    public @Nullable Long restarted() {
        return restart.done();
    }

    /** The worst of its workers' states, with that one's detail. */
    public Status status() {
        synchronized (statuses) {
            Status worst = new Status(WorkerState.READY, "");
            for (Status status : statuses.values()) {
                if (status.state().compareTo(worst.state()) > 0) {
                    worst = status;
                }
            }
            return worst;
        }
    }

    /**
     * Takes no more tasks, waits for what runs, ends the workers, gives the lease back. Returns when nothing is left.
     *
     * @param drain how long tasks may go on; those that don't end are given back
     */
    public void stop(Duration drain) {
        stopping.complete(null);
        bootstrap.interrupt();
        restart.interrupt();
        List<Worker> ending = workers();
        ending.forEach(Worker::drain);
        long until = System.nanoTime() + drain.toNanos();
        try {
            bootstrap.join();
            restart.join();
            ending = workers();
            for (Worker worker : ending) {
                if (!worker.awaitEnd(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
                    worker.hurry();
                }
            }
            for (Worker worker : ending) {
                worker.hurry();
                worker.awaitEnd(machine.timings().grace().multipliedBy(5).plusSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ending.forEach(Worker::hurry);
        }
        giveBack();
        ending.forEach(Worker::close);
    }

    private void giveBack() {
        try {
            machine.outbound().stopServing(lease.leaseId());
        } catch (NightsafeException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "the lease of queue {0} wasn''t given back: {1}",
                    lease.queue(),
                    e.getMessage());
        }
    }

    private void bootstrap() {
        Backoff failures =
                new Backoff(machine.timings().backoffFirst(), machine.timings().backoffLongest());
        while (!stopping.isDone()) {
            try {
                startWorkers(new Bootstrap(machine, lease, grants, log, news).prepare());
                return;
            } catch (NightsafeException e) {
                String why = String.valueOf(e.getMessage());
                log.add("runner", why);
                report(0, WorkerState.DEGRADED, why);
                pause(failures.next());
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "the bootstrap of queue " + lease.queue() + " failed", e);
                report(0, WorkerState.DEGRADED, "the bootstrap failed; the runner's log says more");
                pause(failures.next());
            } catch (InterruptedException e) {
                return; // stopping
            }
        }
    }

    private void startWorkers(WorkerStarter starter) {
        synchronized (workers) {
            if (stopping.isDone()) {
                return;
            }
            ServedLease served =
                    new ServedLease(lease.leaseId(), genuine, starter.code().commit(), starter.permitted());
            for (int number = 1; number <= machine.config().workers(); number++) {
                TaskSource tasks = new TaskSource(machine.tasks(), served, machine.timings());
                workers.add(new Worker(number, starter, tasks, this::report));
                report(number, WorkerState.STARTING, "starting");
            }
            report(0, WorkerState.READY, "");
            workers.forEach(Worker::start);
        }
    }

    private List<Worker> workers() {
        synchronized (workers) {
            return List.copyOf(workers);
        }
    }

    private void report(int number, WorkerState state, String detail) {
        synchronized (statuses) {
            if (new Status(state, detail).equals(statuses.put(number, new Status(state, detail)))) {
                return;
            }
        }
        if (!detail.isEmpty()) {
            log.add("runner", state.id() + ": " + machine.known().clean(detail));
        }
        changed.run();
    }

    private void pause(Duration time) {
        try {
            stopping.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Time to try again.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The deployment that the lease names. */
    public static Deployment deployment(KeeperApi.ServingLease lease) {
        return Deployment.fromMap(lease.deployment());
    }
}
