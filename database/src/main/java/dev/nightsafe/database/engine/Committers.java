package dev.nightsafe.database.engine;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Starts the one writer of a database. */
public final class Committers {
    private Committers() {}

    /**
     * Starts the committer of a database that {@link Databases#open} opened, and continues its audit chain. Close it
     * before the database.
     *
     * @throws dev.nightsafe.core.problem.NightsafeException {@code DATABASE_UNAVAILABLE} when another process writes
     *     there; {@code INTERNAL} when the chain's last event isn't signed by this key: nothing is appended to a chain
     *     that can't be trusted (I7)
     */
    public static Committer start(Database owner, AuditChain chain, InstantSource clock) {
        return start(owned(owner), chain, clock);
    }

    /** As {@link #start}, for tables without an audit chain: {@link Transaction#audit} throws. */
    public static Committer startWithoutAudit(Database owner, InstantSource clock) {
        return start(owned(owner), null, clock);
    }

    private static Committer start(OwnedDatabase owner, @Nullable AuditChain chain, InstantSource clock) {
        return GroupCommitter.start(owner, chain, clock);
    }

    private static OwnedDatabase owned(Database database) {
        if (database instanceof OwnedDatabase owned) {
            return owned;
        }
        throw new IllegalArgumentException("only the database's owner may write; it comes from Databases.open");
    }
}
