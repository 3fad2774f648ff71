package dev.nightsafe.database.console;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Release rules. */
public final class ReleaseRuleRepository {
    private static final String COLUMNS = "id, workspace_id, vault_id, queue_id, site, git_url, branch, code_path,"
            + " startup_cmd, uses, disclosure, commit_id, created_at, created_by";

    private ReleaseRuleRepository() {}

    /** Oldest first. */
    public static List<ReleaseRuleRow> ofVault(Handle handle, String vaultId) {
        return list(handle, "vault_id", vaultId);
    }

    /** Oldest first. */
    public static List<ReleaseRuleRow> ofQueue(Handle handle, String queueId) {
        return list(handle, "queue_id", queueId);
    }

    public static Optional<ReleaseRuleRow> find(Handle handle, String vaultId, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM release_rule WHERE vault_id = :vault AND id = :id")
                .bind("vault", vaultId)
                .bind("id", id)
                .mapTo(ReleaseRuleRow.class)
                .findOne();
    }

    public static void insert(Handle handle, ReleaseRuleRow row) {
        handle.createUpdate("INSERT INTO release_rule (" + COLUMNS + ") VALUES (:id, :workspaceId, :vaultId, :queueId,"
                        + " :site, :gitUrl, :branch, :codePath, :startupCmd, :uses, :disclosure, :commitId, :createdAt,"
                        + " :createdBy)")
                .bindMethods(row)
                .execute();
    }

    public static void delete(Handle handle, String id) {
        handle.createUpdate("DELETE FROM release_rule WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    public static void deleteOfVault(Handle handle, String vaultId) {
        handle.createUpdate("DELETE FROM release_rule WHERE vault_id = :vault")
                .bind("vault", vaultId)
                .execute();
    }

    private static List<ReleaseRuleRow> list(Handle handle, String column, String id) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM release_rule WHERE " + column + " = :id ORDER BY created_at, id")
                .bind("id", id)
                .mapTo(ReleaseRuleRow.class)
                .list();
    }
}
