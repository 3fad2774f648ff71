package dev.nightsafe.database.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Callers of a committer that is held up until they all wait, so that they become one group. */
final class Callers implements AutoCloseable {
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(1);
    private final Committer committer;
    private final Thread holder;
    private final List<Thread> threads = new ArrayList<>();
    private final List<CompletableFuture<Void>> outcomes = new ArrayList<>();

    Callers(Committer committer) throws InterruptedException {
        this.committer = committer;
        holder = Thread.ofVirtual().start(() -> committer.commit(transaction -> {
            held.countDown();
            awaitRelease();
            return null;
        }));
        held.await();
    }

    /** Starts one more and returns when it waits. */
    CompletableFuture<Void> add(Consumer<Transaction> work) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                committer.commit(transaction -> {
                    work.accept(transaction);
                    return null;
                });
                outcome.complete(null);
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        });
        threads.add(thread);
        outcomes.add(outcome);
        while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return outcome;
    }

    Thread last() {
        return threads.getLast();
    }

    /** Lets the committer go on, and returns when everybody has an answer. */
    void go() throws InterruptedException {
        release.countDown();
        holder.join();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    long failed() {
        return outcomes.stream().filter(CompletableFuture::isCompletedExceptionally).count();
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        go();
    }
}
