package dev.nightsafe.database.keeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Which attempts at tasks were made with which grant: who is hit when a value leaked. */
public final class Attempts {
    /** How many attempts of a grant are told, the newest. */
    private static final int TOLD = 100;

    /** How many rows are deleted in one commit. */
    private static final int AT_ONCE = 1000;

    private Attempts() {}

    /** One start of a worker with a version of a secret. */
    public record Release(
            String grantId,
            long at,
            long version,
            String queueName,
            String site,
            String runnerName,
            String runnerId,
            @Nullable String commitId) {}

    public record Attempt(String taskId, long attempt, long at) {}

    /** A grant's attempts: how many, and the newest. */
    public record OfGrant(long count, List<Attempt> newest) {
        public static final OfGrant NONE = new OfGrant(0, List.of());
    }

    /** Ties an attempt to a grant, once. One that isn't the task's runner's, for the task's queue, is passed over. */
    public static void record(Handle handle, Tasks.Row task, String grantId, long now) {
        handle.createUpdate("""
                        INSERT INTO attempt (grant_id, task_id, fencing, attempt, at)
                        SELECT :grant, :id, :fencing, :attempt, :now
                        WHERE EXISTS (SELECT 1 FROM granted WHERE grant_id = :grant AND runner_id = :runnerId
                            AND queue_id = :queueId)
                        ON CONFLICT (grant_id, task_id, fencing) DO NOTHING""")
                .bind("grant", grantId)
                .bind("id", task.id())
                .bind("fencing", task.fencing())
                .bind("attempt", task.attempt())
                .bind("now", now)
                .bind("runnerId", task.runnerId())
                .bind("queueId", task.queueId())
                .execute();
    }

    /**
     * Who was given a secret, the newest first.
     *
     * @param version null for each
     * @param before id of a grant, null for the newest
     */
    public static List<Release> releases(
            Handle handle,
            String workspaceId,
            String vaultId,
            String key,
            @Nullable Long version,
            @Nullable String before,
            int limit) {
        return handle.createQuery("""
                        SELECT g.grant_id, g.at, v.version, g.queue_name, r.site, r.name AS runner_name, g.runner_id,
                            g.commit_id
                        FROM version_set v JOIN granted g ON g.version_set_id = v.id JOIN runner r ON r.id = g.runner_id
                        WHERE v.vault_id = :vault AND v.key = :key AND r.workspace_id = :workspace
                            AND (:version = 0 OR v.version = :version) AND (:before = '' OR g.grant_id < :before)
                        ORDER BY g.grant_id DESC LIMIT :limit""")
                .bind("workspace", workspaceId)
                .bind("vault", vaultId)
                .bind("key", key)
                .bind("version", version == null ? 0 : version)
                .bind("before", before == null ? "" : before)
                .bind("limit", limit)
                .mapTo(Release.class)
                .list();
    }

    private record Numbered(String grantId, long count, String taskId, long attempt, long at) {}

    /** Of each of these grants that has any, by its id. */
    public static Map<String, OfGrant> ofGrants(Handle handle, List<String> grantIds) {
        if (grantIds.isEmpty()) {
            return Map.of();
        }
        Map<String, OfGrant> attempts = new HashMap<>();
        handle.createQuery("""
                        SELECT grant_id, count, task_id, attempt, at FROM (SELECT grant_id, task_id, attempt, at,
                            COUNT(*) OVER (PARTITION BY grant_id) AS count,
                            ROW_NUMBER() OVER (PARTITION BY grant_id ORDER BY at DESC, task_id DESC) AS place
                            FROM attempt WHERE grant_id IN (<grants>)) AS numbered
                        WHERE place <= :told ORDER BY grant_id, place""")
                .bindList("grants", grantIds)
                .bind("told", TOLD)
                .mapTo(Numbered.class)
                .forEach(row -> attempts.computeIfAbsent(
                                row.grantId(), _ -> new OfGrant(row.count(), new ArrayList<>()))
                        .newest()
                        .add(new Attempt(row.taskId(), row.attempt(), row.at())));
        return attempts;
    }

    /** Whether there are attempts from before. */
    public static boolean anyBefore(Handle handle, long at) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM attempt WHERE at < :at)")
                .bind("at", at)
                .mapTo(Boolean.class)
                .one();
    }

    /** Deletes some of the attempts from before. */
    public static int deleteBefore(Handle handle, long at) {
        return handle.createUpdate("""
                        DELETE FROM attempt WHERE (grant_id, task_id, fencing) IN
                            (SELECT grant_id, task_id, fencing FROM attempt WHERE at < :at ORDER BY at LIMIT :most)""").bind("at", at).bind("most", AT_ONCE).execute();
    }
}
