package dev.nightsafe.database.keeper;

import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The ledger of what was granted to whom, and the highest version of each secret that was ever released. */
public final class Grants {
    private Grants() {}

    /** One start of a worker, or one look into a repository. */
    public record Row(
            String grantId,
            String runnerId,
            String queueId,
            String queueName,
            String servingLeaseId,
            @Nullable String commitId,
            long at) {}

    /** One secret of a grant. */
    public record Version(String vaultId, String vaultName, String key, long version) {}

    /** A version that was released, with SHA-256 of its box. */
    public record Released(String key, long version, byte[] boxHash) {}

    /** The newest version of a secret that a runner was given. */
    public record Newest(String vaultName, String key, long version, long at) {}

    /** @param versions each secret once, in any order */
    public static void insert(Handle handle, Row grant, Collection<Version> versions) {
        List<Version> sorted = versions.stream()
                .sorted(Comparator.comparing(Version::vaultId).thenComparing(Version::key))
                .toList();
        handle.createUpdate("""
                        INSERT INTO granted (grant_id, version_set_id, runner_id, queue_id, queue_name,
                            serving_lease_id, commit_id, at)
                        VALUES (:grantId, :versions, :runnerId, :queueId, :queueName, :servingLeaseId, :commitId,
                            :at)""")
                .bindMethods(grant)
                .bind("versions", stored(handle, sorted))
                .execute();
    }

    /** The id of this set, which is stored when it isn't yet. */
    private static String stored(Handle handle, List<Version> versions) {
        Message contents = Message.of("nightsafe/version-set/1");
        versions.forEach(one ->
                contents.add(one.vaultId()).add(one.vaultName()).add(one.key()).add(one.version()));
        String id = Digests.sha256Hex(contents.bytes());
        boolean isThere = handle.createQuery("SELECT EXISTS (SELECT 1 FROM version_set WHERE id = :id)")
                .bind("id", id)
                .mapTo(Boolean.class)
                .one();
        if (!isThere && !versions.isEmpty()) {
            PreparedBatch batch = handle.prepareBatch("""
                            INSERT INTO version_set (id, vault_id, vault_name, key, version)
                            VALUES (:id, :vaultId, :vaultName, :key, :version)""");
            versions.forEach(one -> batch.bind("id", id).bindMethods(one).add());
            batch.execute();
        }
        return id;
    }

    /** By vault and key. */
    public static List<Newest> newestOfRunner(Handle handle, String runnerId) {
        return handle.createQuery("""
                        SELECT v.vault_name, v.key, MAX(v.version) AS version, MAX(g.at) AS at
                        FROM (SELECT version_set_id, MAX(at) AS at FROM granted WHERE runner_id = :runner
                            GROUP BY version_set_id) g JOIN version_set v ON v.id = g.version_set_id
                        GROUP BY v.vault_id, v.vault_name, v.key ORDER BY v.vault_name, v.key""")
                .bind("runner", runnerId)
                .mapTo(Newest.class)
                .list();
    }

    /** The newest version of each secret that was granted under a serving lease: by vault's id and key, as {@code id/KEY}. */
    public static Map<String, Long> newestUnder(Handle handle, String runnerId, String servingLeaseId) {
        return handle.createQuery("""
                        SELECT v.vault_id, v.key, MAX(v.version) AS version
                        FROM (SELECT DISTINCT version_set_id FROM granted
                            WHERE runner_id = :runner AND serving_lease_id = :lease) g
                            JOIN version_set v ON v.id = g.version_set_id
                        GROUP BY v.vault_id, v.key""")
                .bind("runner", runnerId)
                .bind("lease", servingLeaseId)
                .reduceRows(new HashMap<>(), (versions, row) -> {
                    versions.put(
                            row.getColumn("vault_id", String.class) + "/" + row.getColumn("key", String.class),
                            row.getColumn("version", Long.class));
                    return versions;
                });
    }

    /** By key; those that were never released aren't there. */
    public static Map<String, Released> released(Handle handle, String vaultId, List<String> keys) {
        return handle.createQuery("""
                        SELECT key, version, box_hash FROM released WHERE vault_id = :vault AND key IN (<keys>)""").bind("vault", vaultId).bindList("keys", keys).mapTo(Released.class).stream()
                .collect(Collectors.toMap(Released::key, Function.identity()));
    }

    public static void release(Handle handle, String vaultId, String key, long version, byte[] boxHash) {
        handle.createUpdate("""
                        INSERT INTO released (vault_id, key, version, box_hash) VALUES (:vault, :key, :version, :hash)
                        ON CONFLICT (vault_id, key) DO UPDATE SET version = excluded.version,
                            box_hash = excluded.box_hash""")
                .bind("vault", vaultId)
                .bind("key", key)
                .bind("version", version)
                .bind("hash", boxHash)
                .execute();
    }
}
