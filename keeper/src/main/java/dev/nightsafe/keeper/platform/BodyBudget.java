package dev.nightsafe.keeper.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds what large bodies hold in memory at once, however many connections there are. Thread-safe. */
public final class BodyBudget {
    /** Smaller bodies aren't counted: the number of connections bounds them. */
    static final int SMALL = 16 << 10;

    private static final int UNIT = 1 << 10;

    private final Semaphore units;
    private final Duration patience;

    /**
     * @param bytes of all large bodies together
     * @param patience how long one waits for room
     */
    public BodyBudget(int bytes, Duration patience) {
        this.units = new Semaphore(bytes / UNIT, true);
        this.patience = patience;
    }

    /** Takes room for a body; throws {@code OVERLOADED} when there is none in time. */
    Share take(long bytes) {
        int wanted = bytes <= SMALL ? 0 : (int) Math.ceilDiv(bytes, UNIT);
        try {
            if (wanted == 0 || units.tryAcquire(wanted, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Share(wanted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new NightsafeException(ProblemCode.OVERLOADED, "too many large requests at once; try again");
    }

    /** Room that was taken; used by one thread. */
    final class Share implements AutoCloseable {
        private int held;

        private Share(int held) {
            this.held = held;
        }

        @Override
        public void close() {
            units.release(held);
            held = 0;
        }
    }
}
