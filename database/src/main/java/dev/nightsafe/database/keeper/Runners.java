package dev.nightsafe.database.keeper;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Enrolled runners. */
public final class Runners {
    private Runners() {}

    /** @param queues JSON array of names, {@code ["*"]} for all */
    public record Row(
            String id,
            String workspaceId,
            String name,
            String site,
            String queues,
            byte[] publicKey,
            String isolation,
            long enrolledAt,
            @Nullable Long lastSeenAt,
            @Nullable Long revokedAt) {}

    /** Throws a unique violation for a public key that is enrolled already. */
    public static void insert(Handle handle, Row row) {
        handle.createUpdate("""
                        INSERT INTO runner (id, workspace_id, name, site, queues, public_key, isolation, enrolled_at)
                        VALUES (:id, :workspaceId, :name, :site, :queues, :publicKey, :isolation, :enrolledAt)""").bindMethods(row).execute();
    }

    public static Optional<Row> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM runner WHERE id = :id")
                .bind("id", id)
                .mapTo(Row.class)
                .findOne();
    }

    public static Optional<Row> find(Handle handle, String workspaceId, String id) {
        return find(handle, id).filter(row -> row.workspaceId().equals(workspaceId));
    }

    /** By name, then by age. */
    public static List<Row> list(Handle handle, String workspaceId) {
        return handle.createQuery("SELECT * FROM runner WHERE workspace_id = :workspace ORDER BY name, id")
                .bind("workspace", workspaceId)
                .mapTo(Row.class)
                .list();
    }

    public static void seen(Handle handle, String id, String isolation, long now) {
        handle.createUpdate("UPDATE runner SET last_seen_at = :now, isolation = :isolation WHERE id = :id")
                .bind("id", id)
                .bind("isolation", isolation)
                .bind("now", now)
                .execute();
    }

    /** False when it was revoked before. */
    public static boolean revoke(Handle handle, String id, long now) {
        return handle.createUpdate("UPDATE runner SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL")
                        .bind("id", id)
                        .bind("now", now)
                        .execute()
                == 1;
    }
}
