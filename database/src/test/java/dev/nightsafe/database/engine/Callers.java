package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
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
    private final List<Caller> callers = new ArrayList<>();

    /** One of them. */
    record Caller(Thread thread, CompletableFuture<Void> outcome) {
        ProblemCode problem() {
            assertThat(outcome).isCompletedExceptionally();
            assertThat(outcome.exceptionNow()).isInstanceOf(NightsafeException.class);
            return ((NightsafeException) outcome.exceptionNow()).code();
        }
    }

    Callers(Committer committer) throws InterruptedException {
        this.committer = committer;
        holder = Thread.ofVirtual()
                .start(() -> committer.commit(transaction -> {
                    held.countDown();
                    awaitRelease();
                    return null;
                }));
        held.await();
    }

    /** Starts one more and returns when it waits. */
    Caller add(Consumer<Transaction> work) {
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
        while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        Caller caller = new Caller(thread, outcome);
        callers.add(caller);
        return caller;
    }

    /** Lets the committer go on, and returns when everybody has an answer. */
    void go() throws InterruptedException {
        release.countDown();
        holder.join();
        for (Caller caller : callers) {
            caller.thread().join();
        }
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
