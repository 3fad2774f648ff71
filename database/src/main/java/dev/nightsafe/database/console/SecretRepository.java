package dev.nightsafe.database.console;

import dev.nightsafe.core.address.Names;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Secrets and plain entries. An unset key keeps its row, without a box, so that its versions never go back. */
public final class SecretRepository {
    private static final String COLUMNS =
            "vault_id, key, version, suite, lock_id, box, box_hash, accepted_mac, origin, is_secret,"
                    + " plain_value, expires_at, rotate_days, updated_at, updated_by";

    private SecretRepository() {}

    /** A key's versions so far. */
    public record Version(String key, long version, int rotateDays, boolean present) {}

    /** The row of this key, or of one that differs in case only; unset ones too. */
    public static Optional<Version> version(Handle handle, String vaultId, String key) {
        return handle.createQuery("SELECT key, version, rotate_days, box IS NOT NULL AS present FROM secret"
                        + " WHERE vault_id = :vault AND key_folded = :folded")
                .bind("vault", vaultId)
                .bind("folded", Names.folded(key))
                .mapTo(Version.class)
                .findOne();
    }

    /** The box of a key that is set. */
    public static Optional<SecretRow> find(Handle handle, String vaultId, String key) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM secret WHERE vault_id = :vault AND key = :key AND box IS NOT NULL")
                .bind("vault", vaultId)
                .bind("key", key)
                .mapTo(SecretRow.class)
                .findOne();
    }

    /** What is told of a vault's keys, by key. */
    public static List<EntryRow> entries(Handle handle, String vaultId) {
        return handle.createQuery(
                        "SELECT key, version, is_secret, plain_value, expires_at, rotate_days, updated_at, updated_by"
                                + " FROM secret"
                                + " WHERE vault_id = :vault AND box IS NOT NULL ORDER BY key")
                .bind("vault", vaultId)
                .mapTo(EntryRow.class)
                .list();
    }

    /** Stores the next version; false when the version before it isn't there any more. */
    public static boolean deposit(Handle handle, SecretRow row) {
        return handle.createUpdate("INSERT INTO secret (" + COLUMNS + ", key_folded) VALUES (:vaultId, :key, :version,"
                                + " :suite, :lockId, :box, :boxHash, :acceptedMac, :origin, :isSecret, :plainValue, :expiresAt,"
                                + " :rotateDays, :updatedAt,"
                                + " :updatedBy, :folded)"
                                + " ON CONFLICT (vault_id, key) DO UPDATE SET version = excluded.version,"
                                + " suite = excluded.suite, lock_id = excluded.lock_id, box = excluded.box,"
                                + " box_hash = excluded.box_hash, accepted_mac = excluded.accepted_mac,"
                                + " origin = excluded.origin, is_secret = excluded.is_secret, plain_value = excluded.plain_value,"
                                + " expires_at = excluded.expires_at, rotate_days = excluded.rotate_days,"
                                + " updated_at = excluded.updated_at, updated_by = excluded.updated_by"
                                + " WHERE secret.version = excluded.version - 1")
                        .bindMethods(row)
                        .bind("folded", Names.folded(row.key()))
                        .execute()
                == 1;
    }

    /** Removes box and plain value and keeps the version; false when the key wasn't set. */
    public static boolean unset(Handle handle, String vaultId, String key, long at, String by) {
        return handle.createUpdate("UPDATE secret SET box = NULL, plain_value = NULL, box_hash = :none,"
                                + " accepted_mac = :none, origin = :none, updated_at = :at, updated_by = :by"
                                + " WHERE vault_id = :vault AND key = :key AND box IS NOT NULL")
                        .bind("vault", vaultId)
                        .bind("key", key)
                        .bind("none", new byte[0])
                        .bind("at", at)
                        .bind("by", by)
                        .execute()
                == 1;
    }
}
