package dev.nightsafe.database.engine;

import java.time.Duration;

/**
 * What tests vary; everyone else takes {@link #PRODUCTION}.
 *
 * @param synchronous SQLite's pragma; anything but {@code FULL} loses acknowledged commits (I4)
 * @param lockWait how long one statement waits for a lock
 * @param patience how long a submission waits before it is given up
 * @param maxWaiting how many submissions may wait
 * @param maxGroup how many submissions share a commit
 */
record Tuning(String synchronous, Duration lockWait, Duration patience, int maxWaiting, int maxGroup) {
    static final Tuning PRODUCTION = new Tuning("FULL", Duration.ofSeconds(5), Duration.ofSeconds(10), 4096, 256);
}
