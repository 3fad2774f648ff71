package dev.nightsafe.core.audit;

import java.time.InstantSource;

/**
 * How many events of a kind that anybody can cause are written down: a bucket that fills by one a second up to its size.
 * Thread-safe.
 */
public final class Budget {
    private static final long SECOND = 1000;

    private final int size;
    private final InstantSource clock;
    private int left;
    private long filledAt;
    private long refused;

    public Budget(int size, InstantSource clock) {
        this.size = size;
        this.clock = clock;
        this.left = size;
        this.filledAt = clock.millis();
    }

    /** Takes one and says how many were refused since the last one that wasn't; -1 when there is none to take. */
    public synchronized long take() {
        long seconds = Math.max(0, (clock.millis() - filledAt) / SECOND);
        left = (int) Math.min(size, left + seconds);
        filledAt += seconds * SECOND;
        if (left == 0) {
            refused++;
            return -1;
        }
        left--;
        long skipped = refused;
        refused = 0;
        return skipped;
    }
}
