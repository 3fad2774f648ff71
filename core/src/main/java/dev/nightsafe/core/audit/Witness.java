package dev.nightsafe.core.audit;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares what somebody kept of a chain with what is told of it later. */
public final class Witness {
    /** The action that is recorded when a head of another chain was seen. */
    public static final String SEEN = "audit.head-seen";

    /** The action that is recorded when a head can't belong to the chain that was seen before. */
    public static final String CONTRADICTED = "audit.head-contradicted";

    /** What is said of a number at which a chain has no event. */
    public static final String NO_EVENT = "";

    private Witness() {}

    /** The head that an event tells of; empty where it tells of none, or not as a part writes it. */
    public static Optional<SeenHead> seen(String action, Map<String, String> details) {
        try {
            return action.equals(SEEN)
                    ? Optional.of(new SeenHead(
                            details.getOrDefault("chain", ""),
                            Long.parseLong(details.getOrDefault("seq", "")),
                            details.getOrDefault("hash", "")))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // the chain that it stands in will not verify either
        }
    }

    /**
     * Why what is told can't be the chain that was seen; empty when it can.
     *
     * @param kept the newest head that was seen, from before somebody asked for {@code told}
     * @param told a head of the chain of the same name, its signature verified
     * @param standing the hash that the chain has now at the number of {@code kept}, {@link #NO_EVENT} when it has none
     *     there; null when nobody asked
     */
    public static Optional<String> contradiction(SignedHead kept, SignedHead told, @Nullable String standing) {
        String seen = "event " + kept.seq() + " of chain " + kept.chain() + ", seen before, ";
        if (!kept.key().equals(told.key())) {
            return Optional.of("chain " + kept.chain() + " is signed by another audit key than when event " + kept.seq()
                    + " was seen");
        }
        if (told.seq() < kept.seq() || NO_EVENT.equals(standing)) {
            return Optional.of(seen + "is missing: the chain was cut off or set back");
        }
        boolean same = told.seq() > kept.seq() || told.hash().equals(kept.hash());
        boolean stands = standing == null || standing.equals(kept.hash());
        return same && stands ? Optional.empty() : Optional.of(seen + "is another now: the chain was written anew");
    }
}
