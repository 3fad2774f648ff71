package dev.nightsafe.database.engine;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A caller's work on its way through the committer. The caller may give up until the committer begins it; from then on
 * the caller waits for its fate, because giving up would leave it not knowing.
 */
final class Submission<T extends @Nullable Object> {
    private enum State {
        WAITING,
        BEGUN,
        GIVEN_UP
    }

    private final Committer.Work<T> work;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    /** Set on the committer's thread by the work, told to the caller after the commit. */
    private @Nullable T result;

    Submission(Committer.Work<T> work) {
        this.work = work;
    }

    /** False when the caller has given up. */
    boolean begin() {
        return state.compareAndSet(State.WAITING, State.BEGUN);
    }

    void run(Transaction transaction) {
        result = work.run(transaction);
    }

    /** The commit is durable. Does nothing to a submission that has failed. */
    @SuppressWarnings("NullAway") // the work's own result, null only where T allows it
    void succeed() {
        outcome.complete(result);
    }

    /** Nothing of it is stored, or the error says otherwise. */
    void fail(Throwable error) {
        outcome.completeExceptionally(error);
    }

    /**
     * Waits up to {@code patience} for the work to begin and, once begun, up to three times as long in all for its fate.
     * Interrupting makes the caller give up at once where that is still possible.
     */
    T await(Duration patience) {
        boolean interrupted = false;
        long start = System.nanoTime();
        long left = patience.toNanos();
        try {
            while (true) {
                try {
                    return outcome.get(left, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                    giveUp();
                } catch (TimeoutException e) {
                    giveUp();
                }
                left = 3 * patience.toNanos() - (System.nanoTime() - start);
                requireTime(left);
            }
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Throws when the work hasn't begun, and never will then. */
    private void giveUp() {
        if (state.compareAndSet(State.WAITING, State.GIVEN_UP)) {
            throw new NightsafeException(
                    ProblemCode.OVERLOADED,
                    "the database didn't take this in time and nothing of it was stored; try again later");
        }
    }

    private static void requireTime(long left) {
        if (left <= 0) {
            throw new NightsafeException(
                    ProblemCode.OUTCOME_UNKNOWN,
                    "the database doesn't answer; it is not known whether this was stored. Look before trying again");
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable error) {
        if (error instanceof Error fatal) {
            throw fatal;
        }
        return error instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(error);
    }
}
