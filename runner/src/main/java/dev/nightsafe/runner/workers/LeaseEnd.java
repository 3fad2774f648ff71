package dev.nightsafe.runner.workers;

import java.util.concurrent.TimeUnit;

/**
 * When a lease is over: by this machine's clock, or when as much time has passed as the keeper gave, whichever is sooner.
 * So a runner whose clock is behind the keeper's, or is set back, doesn't work on under a lease that has ended (I4).
 */
public final class LeaseEnd {
    private final long expiresAt;
    private final long nanos;

    private LeaseEnd(long expiresAt, long nanos) {
        this.expiresAt = expiresAt;
        this.nanos = nanos;
    }

    /**
     * Of a lease that the keeper just answered with.
     *
     * @param expiresAt milliseconds since 1970
     * @param now the keeper's clock when it answered
     */
    public static LeaseEnd of(long expiresAt, long now) {
        return new LeaseEnd(expiresAt, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.max(0, expiresAt - now)));
    }

    /** Not positive when it is over. */
    public long millisLeft() {
        long byClock = expiresAt - System.currentTimeMillis();
        return Math.min(byClock, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()));
    }

    /** The one of the two that is over later. */
    public LeaseEnd later(LeaseEnd other) {
        return other.millisLeft() > millisLeft() ? other : this;
    }
}
