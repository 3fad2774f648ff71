package dev.nightsafe.database.keeper;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** keys.db: opening keys, canaries and the root key, all wrapped by keys that are elsewhere. */
public final class Keys {
    private Keys() {}

    /**
     * An opening key under a master key.
     *
     * @param serial higher than that of the vault's key before
     * @param madeFor the vault's id, or that of the rekey which asked for it
     */
    public record OpeningKey(
            String lockId,
            String workspaceId,
            String vaultId,
            long serial,
            String madeFor,
            String suite,
            byte[] publicKey,
            int masterVersion,
            byte[] wrapped,
            long createdAt) {}

    /** A known text under a master key. */
    public record Canary(int masterVersion, byte[] encrypted) {}

    /** The root signing key under the keeper's data key. */
    public record Root(byte[] publicKey, byte[] wrapped) {}

    /** How many opening keys a version of the master key wraps. */
    public record Count(int masterVersion, long openingKeys) {}

    public static void insert(Handle handle, OpeningKey key) {
        handle.createUpdate("""
                        INSERT INTO opening_key (lock_id, workspace_id, vault_id, serial, made_for, suite, public_key,
                            master_version, wrapped, created_at)
                        VALUES (:lockId, :workspaceId, :vaultId, :serial, :madeFor, :suite, :publicKey,
                            :masterVersion, :wrapped, :createdAt)""").bindMethods(key).execute();
    }

    public static Optional<OpeningKey> find(Handle handle, String lockId) {
        return handle.createQuery("SELECT * FROM opening_key WHERE lock_id = :lock")
                .bind("lock", lockId)
                .mapTo(OpeningKey.class)
                .findOne();
    }

    /** The key that was made for this vault or rekey. */
    public static Optional<OpeningKey> madeFor(Handle handle, String what) {
        return handle.createQuery("SELECT * FROM opening_key WHERE made_for = :what")
                .bind("what", what)
                .mapTo(OpeningKey.class)
                .findOne();
    }

    /** Of the vault's keys that are there; 0 for none. */
    public static long highestSerial(Handle handle, String vaultId) {
        return handle.createQuery("SELECT COALESCE(MAX(serial), 0) FROM opening_key WHERE vault_id = :vault")
                .bind("vault", vaultId)
                .mapTo(Long.class)
                .one();
    }

    /** Destroys a vault's opening keys; how many there were. */
    public static int delete(Handle handle, String workspaceId, String vaultId) {
        return handle.createUpdate("DELETE FROM opening_key WHERE vault_id = :vault AND workspace_id = :workspace")
                .bind("vault", vaultId)
                .bind("workspace", workspaceId)
                .execute();
    }

    /** A vault's, the oldest first. */
    public static List<OpeningKey> ofVault(Handle handle, String workspaceId, String vaultId) {
        return handle.createQuery("""
                        SELECT * FROM opening_key WHERE vault_id = :vault AND workspace_id = :workspace ORDER BY serial""")
                .bind("vault", vaultId)
                .bind("workspace", workspaceId)
                .mapTo(OpeningKey.class)
                .list();
    }

    /** Destroys a vault's opening keys that are older than one of them; how many there were. */
    public static int deleteOlder(Handle handle, OpeningKey than) {
        return handle.createUpdate("""
                        DELETE FROM opening_key
                        WHERE vault_id = :vaultId AND workspace_id = :workspaceId AND serial < :serial""").bindMethods(than).execute();
    }

    /** Up to {@code limit} opening keys that another version of the master key wraps. */
    public static List<OpeningKey> notUnder(Handle handle, int masterVersion, int limit) {
        return handle.createQuery("""
                        SELECT * FROM opening_key WHERE master_version <> :version ORDER BY lock_id LIMIT :limit""")
                .bind("version", masterVersion)
                .bind("limit", limit)
                .mapTo(OpeningKey.class)
                .list();
    }

    public static void rewrap(Handle handle, String lockId, int masterVersion, byte[] wrapped) {
        handle.createUpdate("""
                        UPDATE opening_key SET master_version = :version, wrapped = :wrapped WHERE lock_id = :lock""")
                .bind("lock", lockId)
                .bind("version", masterVersion)
                .bind("wrapped", wrapped)
                .execute();
    }

    public static List<Count> countByMasterVersion(Handle handle) {
        return handle.createQuery("""
                        SELECT master_version, COUNT(*) AS opening_keys FROM opening_key
                        GROUP BY master_version ORDER BY master_version""").mapTo(Count.class).list();
    }

    public static List<Canary> canaries(Handle handle) {
        return handle.createQuery("SELECT master_version, encrypted FROM canary ORDER BY master_version")
                .mapTo(Canary.class)
                .list();
    }

    public static void insert(Handle handle, Canary canary, long now) {
        handle.createUpdate("""
                        INSERT INTO canary (master_version, encrypted, created_at)
                        VALUES (:masterVersion, :encrypted, :now)""").bindMethods(canary).bind("now", now).execute();
    }

    public static Optional<Root> root(Handle handle) {
        return handle.createQuery("SELECT public_key, wrapped FROM root_key WHERE id = 1")
                .mapTo(Root.class)
                .findOne();
    }

    public static void insert(Handle handle, Root root, long now) {
        handle.createUpdate("""
                        INSERT INTO root_key (id, public_key, wrapped, created_at)
                        VALUES (1, :publicKey, :wrapped, :now)""").bindMethods(root).bind("now", now).execute();
    }
}
