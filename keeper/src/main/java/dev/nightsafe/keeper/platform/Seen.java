package dev.nightsafe.keeper.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Remembers single-use texts until they expire anyway. In memory: after a restart what was used before is told from
 * something new by other means (see who uses this). Thread-safe.
 */
public final class Seen {
    private static final int MOST = 200_000;

    private final Map<String, Long> expiries = new HashMap<>();

    /** True the first time. Throws {@link ProblemCode#OVERLOADED} when there is no room to remember it. */
    public synchronized boolean first(String text, long expiresAt) {
        if (expiries.size() >= MOST && !expiries.containsKey(text)) {
            throw new NightsafeException(ProblemCode.OVERLOADED, "too many requests in a short time; try again");
        }
        return expiries.putIfAbsent(text, expiresAt) == null;
    }

    /** Forgets what has expired. */
    public synchronized void forget(long now) {
        expiries.values().removeIf(expiresAt -> expiresAt < now);
    }
}
