package dev.nightsafe.database.keeper;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.database.console.Boxes;
import dev.nightsafe.database.console.RuleSetRepository;
import dev.nightsafe.database.console.StoredRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What the keeper reads of the console's tables. It never writes there. */
public final class ConsoleTables {
    private static final String QUEUE =
            "SELECT id, workspace_id, name, deployment, deployment_digest, revision FROM queue";

    private static final String DEPOSIT = "SELECT vault_id, " + Boxes.COLUMNS + " ";
    private static final int BATCH = 400;
    private static final long BATCH_BYTES = 2 << 20;

    private ConsoleTables() {}

    /** @param deployment {@link dev.nightsafe.core.queue.Deployment#toMap} with vault ids, JSON */
    public record Queue(
            String id, String workspaceId, String name, String deployment, String deploymentDigest, long revision) {}

    public record Vault(String id, String workspaceId, String name, String lockId) {}

    /**
     * One deposit, as it is now.
     *
     * @param origin empty for a box as it was deposited; else what a keeper said of the one that it sealed anew
     */
    public record Secret(
            String vaultId,
            String key,
            long version,
            String suite,
            String lockId,
            byte[] box,
            byte[] boxHash,
            byte[] acceptedMac,
            byte[] origin,
            boolean isSecret,
            long expiresAt) {}

    /** What changes whenever a queue is made, changed or deleted. */
    public record QueuesMark(
            long queues,
            @Nullable Long revisions,
            @Nullable Long updatedAt,
            @Nullable String newest) {}

    /** Cheap enough to be asked each second. */
    public static QueuesMark queuesMark(Handle handle) {
        return handle.createQuery("""
                        SELECT COUNT(*) AS queues, SUM(revision) AS revisions, MAX(updated_at) AS updated_at,
                            MAX(id) AS newest FROM queue""").mapTo(QueuesMark.class).one();
    }

    public static List<Queue> queues(Handle handle) {
        return handle.createQuery(QUEUE + " ORDER BY name, id")
                .mapTo(Queue.class)
                .list();
    }

    public static Optional<Queue> queue(Handle handle, String workspaceId, String id) {
        return handle.createQuery(QUEUE + " WHERE id = :id AND workspace_id = :workspace")
                .bind("id", id)
                .bind("workspace", workspaceId)
                .mapTo(Queue.class)
                .findOne();
    }

    public static Optional<String> workspaceId(Handle handle, String name) {
        return handle.createQuery("SELECT id FROM workspace WHERE name_folded = :folded AND name = :name")
                .bind("folded", Names.folded(name))
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    public static Optional<Vault> vault(Handle handle, String workspaceId, String id) {
        return handle.createQuery("""
                        SELECT id, workspace_id, name, lock_id FROM vault
                        WHERE id = :id AND workspace_id = :workspace""")
                .bind("id", id)
                .bind("workspace", workspaceId)
                .mapTo(Vault.class)
                .findOne();
    }

    public static Optional<Vault> vaultByName(Handle handle, String workspaceId, String name) {
        return handle.createQuery("""
                        SELECT id, workspace_id, name, lock_id FROM vault
                        WHERE workspace_id = :workspace AND name_folded = :folded AND name = :name""")
                .bind("folded", Names.folded(name))
                .bind("name", name)
                .bind("workspace", workspaceId)
                .mapTo(Vault.class)
                .findOne();
    }

    /** A key that is set, and how large its box is. */
    public record Size(String key, long bytes) {}

    /** The keys that are set, in order. */
    public static List<Size> sizes(Handle handle, String vaultId) {
        return handle.createQuery("""
                        SELECT key, LENGTH(box) AS bytes FROM secret
                        WHERE vault_id = :vault AND box IS NOT NULL ORDER BY key""").bind("vault", vaultId).mapTo(Size.class).list();
    }

    /** Those that are set, in the order of their keys. */
    public static List<Secret> secrets(Handle handle, String vaultId, List<String> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        return handle.createQuery(DEPOSIT + """
                        FROM secret WHERE vault_id = :vault AND key IN (<keys>) AND box IS NOT NULL ORDER BY key""")
                .bind("vault", vaultId)
                .bindList("keys", keys)
                .mapTo(Secret.class)
                .list();
    }

    /** The versions of the keys that are set. */
    public static Map<String, Long> versions(Handle handle, String vaultId) {
        return handle.createQuery("SELECT key, version FROM secret WHERE vault_id = :vault AND box IS NOT NULL")
                .bind("vault", vaultId)
                .reduceRows(new HashMap<>(), (versions, row) -> {
                    versions.put(row.getColumn("key", String.class), row.getColumn("version", Long.class));
                    return versions;
                });
    }

    /** Empty when it was unset, too. */
    public static Optional<Secret> secret(Handle handle, String vaultId, String key) {
        return handle.createQuery(DEPOSIT + """
                        FROM secret WHERE vault_id = :vault AND key = :key AND box IS NOT NULL""")
                .bind("vault", vaultId)
                .bind("key", key)
                .mapTo(Secret.class)
                .findOne();
    }

    /** A version of a key, while it has its value: the current one, or one that is kept. */
    public static Optional<Secret> version(Handle handle, String vaultId, String key, long version) {
        return handle.createQuery(DEPOSIT + """
                        FROM secret WHERE vault_id = :vault AND key = :key AND version = :version AND box IS NOT NULL
                        UNION ALL
                        """ + DEPOSIT + """
                        FROM secret_version WHERE vault_id = :vault AND key = :key AND version = :version
                            AND state = 'kept' AND box IS NOT NULL""")
                .bind("vault", vaultId)
                .bind("key", key)
                .bind("version", version)
                .mapTo(Secret.class)
                .findFirst();
    }

    /** Whether a vault has a box, of an older version too, that is under another lock than this. */
    public static boolean hasBoxUnderAnother(Handle handle, String vaultId, String lockId) {
        return Boxes.countOthers(handle, vaultId, lockId) > 0;
    }

    /** Boxes, of older versions too, that say that they are under this lock; the next ones after a place. */
    public static Boxes.Batch boxesUnder(Handle handle, String vaultId, String lockId, Boxes.Place after) {
        return Boxes.after(handle, vaultId, Boxes.Under.THIS, lockId, after, BATCH, BATCH_BYTES);
    }

    /** A vault's release rules. */
    public static StoredRules rules(Handle handle, String workspaceId, String vaultId) {
        return RuleSetRepository.read(handle, workspaceId, vaultId);
    }

    /** Versions of release rules above {@code after}. */
    public static List<RuleSetRepository.Version> newerRules(Handle handle, long after) {
        return RuleSetRepository.newer(handle, after);
    }
}
