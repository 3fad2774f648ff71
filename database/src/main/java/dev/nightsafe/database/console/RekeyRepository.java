package dev.nightsafe.database.console;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Each vault's newest rekey. */
public final class RekeyRepository {
    private RekeyRepository() {}

    /** A vault whose rekey is under way. */
    public record Unfinished(String workspaceId, String vaultId) {}

    public static Optional<RekeyRow> find(Handle handle, String vaultId) {
        return handle.createQuery("SELECT * FROM rekey WHERE vault_id = :vault")
                .bind("vault", vaultId)
                .mapTo(RekeyRow.class)
                .findOne();
    }

    /** Of every workspace, the oldest first. */
    public static List<Unfinished> unfinished(Handle handle) {
        return handle.createQuery("""
                        SELECT v.workspace_id, v.id AS vault_id FROM rekey r JOIN vault v ON v.id = r.vault_id
                        WHERE r.finished_at IS NULL ORDER BY r.started_at, r.id""").mapTo(Unfinished.class).list();
    }

    /** Puts it in the place of the one before; false while that is under way. */
    public static boolean begin(Handle handle, RekeyRow row) {
        return handle.createUpdate("""
                                INSERT INTO rekey (vault_id, id, lock_id, total, done, refused, started_at, started_by,
                                    finished_at, problem)
                                VALUES (:vaultId, :id, :lockId, :total, :done, :refused, :startedAt, :startedBy,
                                    :finishedAt, :problem)
                                ON CONFLICT (vault_id) DO UPDATE SET id = excluded.id, lock_id = excluded.lock_id,
                                    total = excluded.total, done = excluded.done, refused = excluded.refused,
                                    started_at = excluded.started_at, started_by = excluded.started_by,
                                    finished_at = excluded.finished_at, problem = excluded.problem
                                WHERE rekey.finished_at IS NOT NULL""").bindMethods(row).execute() == 1;
    }

    /** Says which lock everything is to be under, and how much that is. */
    public static void relocked(Handle handle, String id, String lockId, long total) {
        handle.createUpdate("UPDATE rekey SET lock_id = :lock, total = :total WHERE id = :id")
                .bind("id", id)
                .bind("lock", lockId)
                .bind("total", total)
                .execute();
    }

    /** So many more were sealed anew. */
    public static void advance(Handle handle, String id, int moved) {
        handle.createUpdate("UPDATE rekey SET done = done + :moved, problem = NULL WHERE id = :id")
                .bind("id", id)
                .bind("moved", moved)
                .execute();
    }

    /** @param problem why it doesn't go on just now; null when it does */
    public static void hindered(Handle handle, String id, @Nullable String problem, long refused) {
        handle.createUpdate("UPDATE rekey SET problem = :problem, refused = :refused WHERE id = :id")
                .bind("id", id)
                .bind("problem", problem)
                .bind("refused", refused)
                .execute();
    }

    /** False when it was finished before. */
    public static boolean finish(Handle handle, String id, long at) {
        return handle.createUpdate("UPDATE rekey SET finished_at = :at, problem = NULL, refused = 0"
                                + " WHERE id = :id AND finished_at IS NULL")
                        .bind("id", id)
                        .bind("at", at)
                        .execute()
                == 1;
    }
}
