package dev.nightsafe.database.keeper;

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

    /** One secret of one grant. */
    public record Row(
            String grantId,
            String vaultId,
            String vaultName,
            String key,
            long version,
            String runnerId,
            String queueId,
            String queueName,
            String servingLeaseId,
            @Nullable String commitId,
            long at) {}

    /** A version that was released, with SHA-256 of its box. */
    public record Released(String key, long version, byte[] boxHash) {}

    /** The newest version of a secret that a runner was given. */
    public record Newest(String vaultName, String key, long version, long at) {}

    public static void insert(Handle handle, List<Row> rows) {
        PreparedBatch batch = handle.prepareBatch("""
                        INSERT INTO granted (grant_id, vault_id, vault_name, key, version, runner_id, queue_id,
                            queue_name, serving_lease_id, commit_id, at)
                        VALUES (:grantId, :vaultId, :vaultName, :key, :version, :runnerId, :queueId, :queueName,
                            :servingLeaseId, :commitId, :at)""");
        rows.forEach(row -> batch.bindMethods(row).add());
        batch.execute();
    }

    /** By vault and key. */
    public static List<Newest> newestOfRunner(Handle handle, String runnerId) {
        return handle.createQuery("""
                        SELECT vault_name, key, MAX(version) AS version, MAX(at) AS at FROM granted
                        WHERE runner_id = :runner GROUP BY vault_id, vault_name, key ORDER BY vault_name, key""")
                .bind("runner", runnerId)
                .mapTo(Newest.class)
                .list();
    }

    /** The newest version of each secret that was granted under a serving lease: by vault's id and key, as {@code id/KEY}. */
    public static Map<String, Long> newestUnder(Handle handle, String runnerId, String servingLeaseId) {
        return handle.createQuery("""
                        SELECT vault_id, key, MAX(version) AS version FROM granted
                        WHERE runner_id = :runner AND serving_lease_id = :lease GROUP BY vault_id, key""")
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
