package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.runner.inject.Injection;
import dev.nightsafe.runner.isolation.Cell;
import dev.nightsafe.runner.outbound.Redactor;
import dev.nightsafe.runner.process.Command;
import dev.nightsafe.runner.process.LaunchFrame;
import dev.nightsafe.runner.process.Signals;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Brings new values to a worker that runs, as long as it runs, on a thread of its own: by a grant like its first, learnt by the
 * redactor before anything else, its files replaced, then told. When that fails the worker keeps the files that it has,
 * its queue says so, and it is tried again.
 */
final class LiveValues {
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");
    private static final Duration REPLACING = Duration.ofSeconds(10);

    private final WorkerStarter starter;
    private final WorkerProcess worker;
    private final Place place;
    private final int number;

    /**
     * Where a worker runs.
     *
     * @param process which was started there
     * @param redactor through which everything goes that it says
     */
    record Place(Process process, Cell cell, Redactor redactor) {}

    LiveValues(WorkerStarter starter, WorkerProcess worker, Place place, int number) {
        this.starter = starter;
        this.worker = worker;
        this.place = place;
        this.number = number;
    }

    /** @param next {@link NewValues#next} from before the worker's grant */
    void follow(CompletableFuture<Void> next) {
        Thread following =
                Thread.ofVirtual().name("new values of worker " + number).start(() -> run(next));
        var _ = worker.ended().thenRun(following::interrupt); // it may have stopped what replaces its files
    }

    private void run(CompletableFuture<Void> first) {
        CompletableFuture<Void> next = first;
        try {
            while (await(next, null)) {
                next = starter.news().next();
                while (!tryRenew() && await(next, starter.timings().consent())) {
                    next = starter.news().next();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            starter.news().listener().changed(-number, WorkerState.READY, "");
        }
    }

    /** False when the worker has ended. */
    private boolean await(CompletableFuture<Void> news, @Nullable Duration time) throws InterruptedException {
        CompletableFuture<Object> either = CompletableFuture.anyOf(news, worker.ended());
        try {
            if (time == null) {
                either.get();
            } else {
                either.get(time.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            // Time to try again.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return !worker.ended().isDone();
    }

    private boolean tryRenew() throws InterruptedException {
        try {
            renew();
            starter.news().listener().changed(-number, WorkerState.READY, "");
            return true;
        } catch (NightsafeException e) {
            return worker.ended().isDone() || failed(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "new values don''t reach worker " + number, e);
            return worker.ended().isDone() || failed(ProblemCode.INTERNAL, "the runner's log says more");
        }
    }

    private boolean failed(ProblemCode code, @Nullable String problem) {
        String why = "worker " + number + " goes on with the values that it has: " + problem;
        if (Worker.AWAY.contains(code)) {
            starter.log().add("runner", "" + starter.known().clean(why));
        } else {
            starter.news().listener().changed(-number, WorkerState.DEGRADED, why);
        }
        return false;
    }

    private void renew() throws InterruptedException {
        Set<String> changed;
        do {
            worker.values().awaitRenewable();
            changed = replaceWithNewest();
        } while (changed == null);
        if (!changed.isEmpty()) {
            tell(changed);
        }
    }

    /** The variables whose files it replaced; null when a task has begun meanwhile that must be done with what is there. */
    private @Nullable Set<String> replaceWithNewest() throws InterruptedException {
        Grants.Granted granted = starter.grant().apply(null);
        try (Injection injection = Injection.of(starter.deployment(), granted.bundle())) {
            Set<String> changed = injection.filesNewerThan(worker.values().versions());
            boolean replaced = changed.isEmpty()
                    || worker.values()
                            .renew(
                                    granted.id(),
                                    injection.versions(),
                                    () -> starter.known().learn(place.redactor(), injection.secrets()),
                                    () -> replace(injection, changed));
            return replaced ? changed : null;
        }
    }

    private void tell(Set<String> changed) {
        starter.log().add(number + ".run", "new values are in the files of " + String.join(", ", changed));
        CompletableFuture.anyOf(worker.ready(), worker.ended()).join(); // a signal before would end most programs
        Renewal renewal = starter.deployment().renewal();
        if (renewal.onChange() == Renewal.OnChange.SIGNAL) {
            Signals.sendFirst(
                    place.process(),
                    place.cell().isParent() ? 2 : 0,
                    renewal.signal().number());
        } else {
            worker.tell(changed);
        }
    }

    private void replace(Injection injection, Set<String> changed) {
        LastWords said = new LastWords(place.redactor());
        try (LaunchFrame frame = new LaunchFrame()) {
            place.cell().reach(frame, place.process());
            injection.replaceIn(frame, changed);
            int exit = Command.run(starter.spawner(), place.cell().beside(), frame, REPLACING, said);
            if (exit != 0) {
                // What it said may be a worker's words: they stay here.
                starter.log().add(number + ".run", "" + starter.known().clean("its files can't be replaced: " + said));
                throw new NightsafeException(
                        ProblemCode.INTERNAL,
                        "its files can't be replaced (" + exit + "); `nightsafe runner logs` shows why");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NightsafeException(ProblemCode.INTERNAL, "its files can't be replaced: the runner stops", e);
        }
    }
}
