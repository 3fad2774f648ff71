package dev.nightsafe.runner.workers;

import java.time.Duration;

/** Counts failures in a row and says how long to wait after each: doubling, up to a longest. For one thread. */
final class Backoff {
    /** From this failure in a row on a worker is degraded. */
    static final int DEGRADED_AT = 5;

    private final Duration first;
    private final Duration longest;
    private int failures;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    Duration next() {
        Duration delay = first.multipliedBy(1L << Math.min(failures, 20));
        failures++;
        return delay.compareTo(longest) > 0 ? longest : delay;
    }

    void reset() {
        failures = 0;
    }

    boolean isDegraded() {
        return failures >= DEGRADED_AT;
    }
}
