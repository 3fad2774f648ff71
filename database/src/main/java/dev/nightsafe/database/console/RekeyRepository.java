package dev.nightsafe.database.console;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Each vault's newest rekey. */
public final class RekeyRepository {
    private RekeyRepository() {}

    /** Whose rekey it is. */
    public record OfVault(String workspaceId, String vaultId) {}

    public static Optional<RekeyRow> find(Handle handle, String vaultId) {
        return handle.createQuery("SELECT * FROM rekey WHERE vault_id = :vault")
                .bind("vault", vaultId)
                .mapTo(RekeyRow.class)
                .findOne();
    }

    /** One as it is in the table. */
    public record Found(String workspaceId, RekeyRow row) {
        public OfVault of() {
            return new OfVault(workspaceId, row.vaultId());
        }
    }

    /** Those that are under way, of every workspace, the oldest first. */
    public static List<Found> unfinished(Handle handle) {
        return found(handle, "WHERE r.finished_at IS NULL");
    }

    /** Finished ones, too. */
    public static List<Found> all(Handle handle) {
        return found(handle, "");
    }

    private static List<Found> found(Handle handle, String where) {
        return handle.createQuery("SELECT v.workspace_id, r.* FROM rekey r JOIN vault v ON v.id = r.vault_id " + where
                        + " ORDER BY r.started_at, r.id")
                .map((row, context) -> new Found(
                        row.getString("workspace_id"),
                        context.findRowMapperFor(RekeyRow.class).orElseThrow().map(row, context)))
                .list();
    }

    public static void remove(Handle handle, String vaultId) {
        handle.createUpdate("DELETE FROM rekey WHERE vault_id = :vault")
                .bind("vault", vaultId)
                .execute();
    }

    /** Puts it in the place of the one that is there; false when that isn't the one {@code before} any more. */
    public static boolean begin(Handle handle, RekeyRow row, @Nullable RekeyRow before) {
        if (before != null) {
            int removed = handle.createUpdate("DELETE FROM rekey WHERE vault_id = :vault AND id = :id AND mac = :mac")
                    .bind("vault", before.vaultId())
                    .bind("id", before.id())
                    .bind("mac", before.mac())
                    .execute();
            if (removed == 0) {
                return false;
            }
        }
        return handle.createUpdate("""
                                INSERT INTO rekey (vault_id, id, lock_id, total, done, refused, started_at, started_by,
                                    finished_at, problem, mac)
                                VALUES (:vaultId, :id, :lockId, :total, :done, :refused, :startedAt, :startedBy,
                                    :finishedAt, :problem, :mac)
                                ON CONFLICT (vault_id) DO NOTHING""").bindMethods(row).execute() == 1;
    }

    /** Says which lock everything is to be under, and how much that is. */
    public static void relocked(Handle handle, RekeyRow row) {
        handle.createUpdate("UPDATE rekey SET lock_id = :lockId, total = :total, mac = :mac WHERE id = :id")
                .bindMethods(row)
                .execute();
    }

    /** So many more were sealed anew. */
    public static void advance(Handle handle, String id, int moved) {
        handle.createUpdate("UPDATE rekey SET done = done + :moved, problem = NULL WHERE id = :id")
                .bind("id", id)
                .bind("moved", moved)
                .execute();
    }

    /** @param problem why it doesn't go on just now */
    public static void hindered(Handle handle, String id, String problem, long refused) {
        handle.createUpdate("UPDATE rekey SET problem = :problem, refused = :refused WHERE id = :id")
                .bind("id", id)
                .bind("problem", problem)
                .bind("refused", refused)
                .execute();
    }

    /** False when it was finished before. */
    public static boolean finish(Handle handle, RekeyRow row) {
        return handle.createUpdate("UPDATE rekey SET finished_at = :finishedAt, problem = NULL, refused = 0, mac = :mac"
                                + " WHERE id = :id AND finished_at IS NULL")
                        .bindMethods(row)
                        .execute()
                == 1;
    }
}
