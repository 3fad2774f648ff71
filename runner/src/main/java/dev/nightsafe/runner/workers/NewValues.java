package dev.nightsafe.runner.workers;

import java.util.concurrent.CompletableFuture;

/**
 * Passes on to a queue's workers that run that they would be granted other values now. Thread-safe.
 */
final class NewValues {
    private final Worker.Listener listener;
    private volatile CompletableFuture<Void> next = new CompletableFuture<>();

    /** @param listener hears from each worker whether it has them: with its number, negative */
    NewValues(Worker.Listener listener) {
        this.listener = listener;
    }

    Worker.Listener listener() {
        return listener;
    }

    /** There are some. */
    synchronized void tell() {
        CompletableFuture<Void> told = next;
        next = new CompletableFuture<>();
        told.complete(null);
    }

    /** Completed when there are some, from now on: taken before a grant, nothing is missed. */
    CompletableFuture<Void> next() {
        return next;
    }
}
