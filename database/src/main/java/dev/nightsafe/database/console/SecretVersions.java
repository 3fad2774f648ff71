package dev.nightsafe.database.console;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Versions of secrets before the current one. What was destroyed keeps its row, without a box, for the history. */
public final class SecretVersions {
    /** Rows of a key; older ones stand in the audit alone. */
    private static final int TOLD = 1000;

    private static final String COLUMNS = "vault_id, key, version, suite, lock_id, box, box_hash, accepted_mac,"
            + " origin, is_secret, plain_value, expires_at, deposited_at, deposited_by, state, since";
    private static final String DESTROY = "UPDATE secret_version SET box = NULL, plain_value = NULL,"
            + " box_hash = :none, accepted_mac = :none, origin = :none, since = :now, state = ";
    private static final long DAY = 86_400_000;

    private SecretVersions() {}

    /**
     * What is told of a version.
     *
     * @param state {@code current}, {@code kept}, {@code pruned}, {@code forgotten}
     * @param since when it came to be so
     */
    public record Version(
            long version, String state, boolean isSecret, long depositedAt, String depositedBy, long since) {}

    /** Puts a key's current version aside, if it has a box; to be followed by the next one in the same commit. */
    public static void keepCurrent(Handle handle, String vaultId, String key, long now) {
        handle.createUpdate(
                        "INSERT INTO secret_version (" + COLUMNS + ") SELECT vault_id, key, version, suite, lock_id,"
                                + " box, box_hash, accepted_mac, origin, is_secret, plain_value, expires_at, updated_at,"
                                + " updated_by, 'kept', :now"
                                + " FROM secret WHERE vault_id = :vault AND key = :key AND box IS NOT NULL"
                                // There is one already where somebody set the tables back.
                                + " ON CONFLICT (vault_id, key, version) DO UPDATE SET suite = excluded.suite,"
                                + " lock_id = excluded.lock_id, box = excluded.box, box_hash = excluded.box_hash,"
                                + " accepted_mac = excluded.accepted_mac, origin = excluded.origin,"
                                + " is_secret = excluded.is_secret,"
                                + " plain_value = excluded.plain_value, expires_at = excluded.expires_at, deposited_at = excluded.deposited_at,"
                                + " deposited_by = excluded.deposited_by, state = excluded.state, since = excluded.since")
                .bind("vault", vaultId)
                .bind("key", key)
                .bind("now", now)
                .execute();
    }

    /** An older version, whatever its state. */
    public static Optional<SecretVersionRow> find(Handle handle, String vaultId, String key, long version) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM secret_version"
                        + " WHERE vault_id = :vault AND key = :key AND version = :version")
                .bind("vault", vaultId)
                .bind("key", key)
                .bind("version", version)
                .mapTo(SecretVersionRow.class)
                .findOne();
    }

    /** A key's versions below {@code before}, the newest first, the current one included. */
    public static List<Version> history(Handle handle, String vaultId, String key, long before, int limit) {
        return handle.createQuery("""
                        SELECT version, state, is_secret, deposited_at, deposited_by, since FROM (
                            SELECT version, 'current' AS state, is_secret, updated_at AS deposited_at,
                                updated_by AS deposited_by, updated_at AS since
                            FROM secret WHERE vault_id = :vault AND key = :key AND box IS NOT NULL
                            UNION ALL
                            SELECT version, state, is_secret, deposited_at, deposited_by, since
                            FROM secret_version WHERE vault_id = :vault AND key = :key) AS versions
                        WHERE version < :before ORDER BY version DESC LIMIT :limit""")
                .bind("vault", vaultId)
                .bind("key", key)
                .bind("before", before)
                .bind("limit", limit)
                .mapTo(Version.class)
                .list();
    }

    /** Destroys an older version's value; false when it was gone. */
    public static boolean forget(Handle handle, String vaultId, String key, long version, long now) {
        return handle.createUpdate(DESTROY + "'forgotten' WHERE vault_id = :vault AND key = :key"
                                + " AND version = :version AND state = 'kept'")
                        .bind("vault", vaultId)
                        .bind("key", key)
                        .bind("version", version)
                        .bind("none", new byte[0])
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Destroys the values of all older versions of a key; how many there were. */
    public static int forgetAll(Handle handle, String vaultId, String key, long now) {
        return handle.createUpdate(DESTROY + "'forgotten' WHERE vault_id = :vault AND key = :key AND state = 'kept'")
                .bind("vault", vaultId)
                .bind("key", key)
                .bind("none", new byte[0])
                .bind("now", now)
                .execute();
    }

    /** Destroys what a vault no longer keeps of a key, or of all its keys; how many values. */
    public static int prune(Handle handle, VaultRow vault, @Nullable String key, long now) {
        String kept = " WHERE vault_id = :vault AND state = 'kept' AND (:all OR key = :key)";
        return handle.createUpdate(DESTROY + "'pruned'" + kept
                        + " AND (since <= :oldest OR (key, version) IN (SELECT key, version FROM (SELECT key, version,"
                        + " ROW_NUMBER() OVER (PARTITION BY key ORDER BY version DESC) AS place FROM secret_version"
                        + kept + ") AS ranked WHERE place >= :keep))")
                .bind("vault", vault.id())
                .bind("all", key == null)
                .bind("key", key == null ? "" : key)
                .bind("keep", vault.keepVersions())
                .bind("oldest", vault.keepDays() == 0 ? Long.MIN_VALUE : now - vault.keepDays() * DAY)
                .bind("none", new byte[0])
                .bind("now", now)
                .execute();
    }

    /** Drops the rows of versions so long ago that nobody is told of them any more. */
    public static void dropUntold(Handle handle, String vaultId, String key, long current) {
        handle.createUpdate("DELETE FROM secret_version WHERE vault_id = :vault AND key = :key AND version <= :last")
                .bind("vault", vaultId)
                .bind("key", key)
                .bind("last", current - TOLD)
                .execute();
    }

    /** Vaults that have values which they kept long enough. */
    public static List<VaultRow> withOverdue(Handle handle, long now) {
        return VaultRepository.list(
                handle,
                "keep_days > 0 AND EXISTS (SELECT 1 FROM secret_version s WHERE s.vault_id = vault.id"
                        + " AND s.state = 'kept' AND s.since <= :now - vault.keep_days * " + DAY + ")",
                now);
    }
}
