package dev.nightsafe.core.address;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of stored things: UUID version 7 (RFC 9562, section 5.7), so that new rows come last in their index. They rise within
 * a process, also within a millisecond (section 6.2, method 3). Thread-safe.
 */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Milliseconds and, in the lowest 12 bits, 4096ths of one. */
    private static final AtomicLong LAST = new AtomicLong();

    private Ids() {}

    public static String next() {
        long time = System.currentTimeMillis() << 12;
        long tick = LAST.updateAndGet(last -> Math.max(time, last + 1));
        long high = (tick >>> 12) << 16 | 0x7000L | (tick & 0x0fffL);
        long low = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
