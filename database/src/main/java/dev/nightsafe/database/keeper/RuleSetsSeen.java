package dev.nightsafe.database.keeper;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The highest version of each vault's release rules that the keeper ever found authentic. */
public final class RuleSetsSeen {
    private RuleSetsSeen() {}

    public static Optional<Long> highest(Handle handle, String vaultId) {
        return handle.createQuery("SELECT version FROM rule_set_seen WHERE vault_id = :vault")
                .bind("vault", vaultId)
                .mapTo(Long.class)
                .findOne();
    }

    /** Never goes back. */
    public static void see(Handle handle, String vaultId, long version) {
        handle.createUpdate("""
                        INSERT INTO rule_set_seen (vault_id, version) VALUES (:vault, :version)
                        ON CONFLICT (vault_id) DO UPDATE SET version = excluded.version
                        WHERE excluded.version > rule_set_seen.version""").bind("vault", vaultId).bind("version", version).execute();
    }
}
