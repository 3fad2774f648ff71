package dev.nightsafe.core.budget;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what callers have at once of something that is scarce: all of them together, and each of them, so that one can't
 * keep the others waiting. Who comes first is served first. Thread-safe.
 */
public final class Shares {
    private final String what;
    private final int mostOfOne;
    private final Duration patience;
    private final Semaphore all;
    private final Map<String, Own> owners = new ConcurrentHashMap<>();

    /** One caller's; there while it has or waits for something. */
    private static final class Own {
        private final Semaphore units;
        private int users;

        private Own(int units) {
            this.units = new Semaphore(units, true);
        }
    }

    /**
     * @param what there is too much of, in the plural, for the refusal
     * @param mostOfOne what one caller has at once
     * @param mostOfAll what all have at once
     * @param patience how long one waits for a share
     */
    public Shares(String what, int mostOfOne, int mostOfAll, Duration patience) {
        this.what = what;
        this.mostOfOne = mostOfOne;
        this.patience = patience;
        this.all = new Semaphore(mostOfAll, true);
    }

    /**
     * Takes a share, to be closed when it isn't needed any more.
     *
     * @throws NightsafeException {@code TOO_MANY_REQUESTS} when this caller has too much, {@code OVERLOADED} when all have
     */
    public Share take(String owner, int units) {
        long until = System.nanoTime() + patience.toNanos();
        Own own = enter(owner);
        if (!acquired(own.units, units, until)) {
            leave(owner);
            throw new NightsafeException(
                    ProblemCode.TOO_MANY_REQUESTS, "you have too many " + what + " at once; wait, then try again");
        }
        if (!acquired(all, units, until)) {
            own.units.release(units);
            leave(owner);
            throw new NightsafeException(ProblemCode.OVERLOADED, "too many " + what + " at once; wait, then try again");
        }
        return new Share(owner, own, units);
    }

    /** How many callers have or wait for something now. */
    public int owners() {
        return owners.size();
    }

    private static boolean acquired(Semaphore semaphore, int units, long until) {
        try {
            return semaphore.tryAcquire(units, until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Own enter(String owner) {
        return owners.compute(owner, (_, known) -> {
            Own own = known == null ? new Own(mostOfOne) : known;
            own.users++;
            return own;
        });
    }

    private void leave(String owner) {
        owners.computeIfPresent(owner, (_, own) -> --own.users == 0 ? null : own);
    }

    /** What was taken; closing it twice is fine. Used by one thread. */
    public final class Share implements AutoCloseable {
        private final String owner;
        private final Own own;
        private int held;

        private Share(String owner, Own own, int units) {
            this.owner = owner;
            this.own = own;
            this.held = units;
        }

        @Override
        public void close() {
            if (held > 0) {
                all.release(held);
                own.units.release(held);
                held = 0;
                leave(owner);
            }
        }
    }
}
