package dev.nightsafe.keeper.platform;

import dev.nightsafe.core.budget.Shares;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Bounds what large bodies hold in memory at once: those of one caller, and all together. Thread-safe. */
public final class BodyBudget {
    /** Smaller bodies aren't counted: the number of connections bounds them. */
    static final int SMALL = 16 << 10;

    private static final int UNIT = 1 << 10;
    private final Shares shares;

    /**
     * @param ofOne bytes of one caller's large bodies
     * @param ofAll bytes of all large bodies together
     * @param patience how long one waits for room
     */
    public BodyBudget(int ofOne, int ofAll, Duration patience) {
        this.shares = new Shares("large requests", ofOne / UNIT, ofAll / UNIT, patience);
    }

    /** Takes room for a body, null for a small one; throws {@code TOO_MANY_REQUESTS} or {@code OVERLOADED}. */
    Shares.@Nullable Share take(String caller, long bytes) {
        return bytes <= SMALL ? null : shares.take(caller, (int) Math.ceilDiv(bytes, UNIT));
    }
}
