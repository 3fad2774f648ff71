package dev.nightsafe.database.console;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** API tokens, by their hashes. */
public final class ApiTokenRepository {
    private static final String COLUMNS =
            "id, workspace_id, name, hash, permissions, created_at, created_by, expires_at,"
                    + " last_used_at, revoked_at, mac";

    private ApiTokenRepository() {}

    /** Expired and revoked ones too. */
    public static Optional<ApiTokenRow> byHash(Handle handle, String hash) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM api_token WHERE hash = :hash")
                .bind("hash", hash)
                .mapTo(ApiTokenRow.class)
                .findOne();
    }

    /** Expired and revoked ones too. */
    public static Optional<ApiTokenRow> byId(Handle handle, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM api_token WHERE id = :id")
                .bind("id", id)
                .mapTo(ApiTokenRow.class)
                .findOne();
    }

    /** True when there is any, of whatever state. */
    public static boolean any(Handle handle) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM api_token)")
                .mapTo(boolean.class)
                .one();
    }

    /**
     * Oldest first.
     *
     * @param everyWorkspace whether those for every workspace are listed too
     */
    public static List<ApiTokenRow> list(Handle handle, String workspaceId, boolean everyWorkspace) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM api_token WHERE " + VISIBLE + " ORDER BY created_at, id")
                .bind("workspace", workspaceId)
                .bind("every", everyWorkspace)
                .mapTo(ApiTokenRow.class)
                .list();
    }

    public static void insert(Handle handle, ApiTokenRow row) {
        handle.createUpdate("INSERT INTO api_token (" + COLUMNS + ") VALUES (:id, :workspaceId, :name, :hash,"
                        + " :permissions, :createdAt, :createdBy, :expiresAt, :lastUsedAt, :revokedAt, :mac)")
                .bindMethods(row)
                .execute();
    }

    public static void used(Handle handle, String id, long at) {
        handle.createUpdate("UPDATE api_token SET last_used_at = :at WHERE id = :id")
                .bind("id", id)
                .bind("at", at)
                .execute();
    }

    /** A token that {@link #list} would show. */
    public static Optional<ApiTokenRow> find(Handle handle, String workspaceId, boolean everyWorkspace, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM api_token WHERE id = :id AND " + VISIBLE)
                .bind("id", id)
                .bind("workspace", workspaceId)
                .bind("every", everyWorkspace)
                .mapTo(ApiTokenRow.class)
                .findOne();
    }

    /** Stores when it was revoked, with the MAC; the first time stays. */
    public static void revoke(Handle handle, ApiTokenRow revoked) {
        handle.createUpdate("UPDATE api_token SET revoked_at = :revokedAt, mac = :mac"
                        + " WHERE id = :id AND revoked_at IS NULL")
                .bindMethods(revoked)
                .execute();
    }

    private static final String VISIBLE = "(workspace_id = :workspace OR (workspace_id IS NULL AND :every))";
}
