package dev.nightsafe.runner.workers;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Starts a queue's workers anew: one ends after the task that it has, its successor is started and gets ready, then the next. A
 * successor that doesn't get ready holds the others back, which go on as they are. Thread-safe.
 */
final class RollingRestart {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final String queue;
    private final Thread bootstrap;
    private final List<Worker> workers;
    private final CompletableFuture<Void> stopping;
    private final Worker.Listener listener;
    private final Runnable changed;
    private @Nullable Thread thread;
    private long asked;
    private boolean newValues;
    private @Nullable Long done;

    /**
     * @param bootstrap after which there are workers
     * @param workers guarded by itself
     * @param changed called when {@link #done} has changed
     */
    RollingRestart(
            String queue,
            Thread bootstrap,
            List<Worker> workers,
            CompletableFuture<Void> stopping,
            Worker.Listener listener,
            Runnable changed) {
        this.queue = queue;
        this.bootstrap = bootstrap;
        this.workers = workers;
        this.stopping = stopping;
        this.listener = listener;
        this.changed = changed;
    }

    /** Begins, unless this number was asked for before; one that is under way is followed by another. */
    synchronized void ask(long number) {
        if (number <= asked || stopping.isDone()) {
            return;
        }
        asked = number;
        begin();
    }

    /** As {@link #ask}, for the sake of values that workers would be granted now; nobody waits to hear that it is done. */
    synchronized void askForNewValues() {
        if (!stopping.isDone()) {
            newValues = true;
            begin();
        }
    }

    private synchronized void begin() {
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("restart " + queue).start(this::run);
        }
    }

    synchronized @Nullable Long done() {
        return done;
    }

    synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    void join() throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.join();
        }
    }

    private void run() {
        try {
            bootstrap.join();
            long number;
            do {
                number = next();
                for (int i = 0; i < size(); i++) {
                    replace(i);
                }
            } while (goesOn(number));
        } catch (InterruptedException e) {
            // The queue is stopped, and with it whatever was begun here.
        }
    }

    /** What this round is for: values that are new from here on need another one. */
    private synchronized long next() {
        newValues = false;
        return asked;
    }

    /** Whether there is another round; there is no thread any more when there isn't. */
    private boolean goesOn(long number) {
        boolean more;
        synchronized (this) {
            if (stopping.isDone()) {
                return false;
            }
            if (number > 0) {
                done = number;
            }
            more = asked > number || newValues;
            if (!more) {
                thread = null;
            }
        }
        changed.run();
        return more;
    }

    private void replace(int index) throws InterruptedException {
        Worker old;
        synchronized (workers) {
            old = workers.get(index);
        }
        old.drain();
        while (!old.awaitEnd(LOOK)) {
            if (stopping.isDone()) {
                throw new InterruptedException("stopping");
            }
        }
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Worker next = old.successor((number, state, detail) -> {
            listener.changed(number, state, detail);
            if (state == WorkerState.READY) {
                ready.complete(null);
            }
        });
        synchronized (workers) {
            if (stopping.isDone()) {
                throw new InterruptedException("stopping");
            }
            workers.set(index, next);
            listener.changed(next.number(), WorkerState.STARTING, "starting anew");
            next.start();
        }
        await(CompletableFuture.anyOf(ready, stopping));
    }

    private int size() {
        synchronized (workers) {
            return workers.size();
        }
    }

    private static void await(CompletableFuture<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
