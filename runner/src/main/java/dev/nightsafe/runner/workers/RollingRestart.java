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
            long number = next();
            while (number > 0) {
                for (int i = 0; i < size(); i++) {
                    replace(i);
                }
                number = finished(number);
            }
        } catch (InterruptedException e) {
            // The queue is stopped, and with it whatever was begun here.
        }
    }

    private synchronized long next() {
        return stopping.isDone() ? 0 : asked;
    }

    /** The number of the next round; 0 and no thread any more when there is none. */
    private long finished(long number) {
        long next;
        synchronized (this) {
            if (stopping.isDone()) {
                return 0;
            }
            done = number;
            next = asked > number ? asked : 0;
            if (next == 0) {
                thread = null;
            }
        }
        changed.run();
        return next;
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
