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

    private final Map<Used, Long> expiries = new HashMap<>();
    private final Map<String, Integer> byOwner = new HashMap<>();
    private final int mostOfOne;
    private final int mostOfAll;

    private record Used(String owner, String text) {}

    /** Remembers at most half of all for one owner. */
    public Seen() {
        this(MOST / 2, MOST);
    }

    Seen(int mostOfOne, int mostOfAll) {
        this.mostOfOne = mostOfOne;
        this.mostOfAll = mostOfAll;
    }

    /**
     * True the first time that this owner uses it. Throws {@link ProblemCode#TOO_MANY_REQUESTS} or
     * {@link ProblemCode#OVERLOADED} when there is no room to remember it.
     */
    public synchronized boolean first(String owner, String text, long expiresAt) {
        Used used = new Used(owner, text);
        if (expiries.containsKey(used)) {
            return false;
        }
        if (byOwner.getOrDefault(owner, 0) >= mostOfOne) {
            throw new NightsafeException(
                    ProblemCode.TOO_MANY_REQUESTS, "you have made too many requests in a short time; wait a minute");
        }
        if (expiries.size() >= mostOfAll) {
            throw new NightsafeException(ProblemCode.OVERLOADED, "too many requests in a short time; wait a minute");
        }
        expiries.put(used, expiresAt);
        byOwner.merge(owner, 1, Integer::sum);
        return true;
    }

    /** Forgets what has expired. */
    public synchronized void forget(long now) {
        expiries.entrySet().removeIf(entry -> {
            boolean over = entry.getValue() < now;
            if (over) {
                byOwner.computeIfPresent(entry.getKey().owner(), (_, count) -> count == 1 ? null : count - 1);
            }
            return over;
        });
    }
}
