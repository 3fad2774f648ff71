package dev.nightsafe.core.address;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids of stored things: UUID version 7 (RFC 9562, section 5.7), so that new rows come last in their index. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String next() {
        long time = System.currentTimeMillis() << 16;
        long high = time | 0x7000L | (RANDOM.nextLong() & 0x0fffL);
        long low = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
