package dev.nightsafe.database.keeper;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Enrolment tokens, by their hash. */
public final class EnrolmentTokens {
    private EnrolmentTokens() {}

    /** @param queues JSON array of names, {@code ["*"]} for all */
    public record Row(
            String id, String workspaceId, String hash, String site, String queues, long expiresAt, long createdAt) {}

    public static void insert(Handle handle, Row row) {
        handle.createUpdate("""
                        INSERT INTO enrolment_token (id, workspace_id, hash, site, queues, expires_at, created_at)
                        VALUES (:id, :workspaceId, :hash, :site, :queues, :expiresAt, :createdAt)""").bindMethods(row).execute();
    }

    /** Spends the token with this hash: once only, and not after it expired. */
    public static Optional<Row> spend(Handle handle, String hash, long now) {
        return handle.createQuery("""
                        UPDATE enrolment_token SET used_at = :now
                        WHERE hash = :hash AND used_at IS NULL AND expires_at > :now
                        RETURNING id, workspace_id, hash, site, queues, expires_at, created_at""")
                .bind("hash", hash)
                .bind("now", now)
                .mapTo(Row.class)
                .findOne();
    }
}
