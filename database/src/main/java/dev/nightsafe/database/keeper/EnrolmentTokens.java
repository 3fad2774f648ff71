package dev.nightsafe.database.keeper;

import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.core.signing.Message;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Enrolment tokens, by the public half of the key that each is. */
public final class EnrolmentTokens {
    private EnrolmentTokens() {}

    /**
     * @param queues JSON array of names, {@code ["*"]} for all
     * @param mac the keeper's, over {@link #authenticated}
     */
    public record Row(
            String id,
            String workspaceId,
            byte[] tokenKey,
            String site,
            String queues,
            long expiresAt,
            @Nullable Long usedAt,
            long createdAt,
            byte[] mac)
            implements AuthenticatedRow {

        @Override
        public byte[] authenticated() {
            return Message.of("nightsafe/enrolment-token/1")
                    .add(id)
                    .add(workspaceId)
                    .add(tokenKey)
                    .add(site)
                    .add(queues)
                    .add(expiresAt)
                    .add(usedAt == null ? "" : usedAt.toString())
                    .add(createdAt)
                    .bytes();
        }

        public Row withMac(Mac keeper) {
            return new Row(
                    id, workspaceId, tokenKey, site, queues, expiresAt, usedAt, createdAt, keeper.of(authenticated()));
        }

        /** Used, with the MAC that it had before. */
        public Row used(long at) {
            return new Row(id, workspaceId, tokenKey, site, queues, expiresAt, at, createdAt, mac);
        }
    }

    public static void insert(Handle handle, Row row) {
        handle.createUpdate("""
                        INSERT INTO enrolment_token (id, workspace_id, token_key, site, queues, expires_at, used_at,
                            created_at, mac)
                        VALUES (:id, :workspaceId, :tokenKey, :site, :queues, :expiresAt, :usedAt, :createdAt, :mac)""").bindMethods(row).execute();
    }

    /** Used and expired ones too. */
    public static Optional<Row> find(Handle handle, byte[] tokenKey) {
        return handle.createQuery("SELECT * FROM enrolment_token WHERE token_key = :key")
                .bind("key", tokenKey)
                .mapTo(Row.class)
                .findOne();
    }

    /** Stores when it was used, with the MAC; false when it was used before, however many try at once. */
    public static boolean spend(Handle handle, Row used) {
        return handle.createUpdate("""
                        UPDATE enrolment_token SET used_at = :usedAt, mac = :mac
                        WHERE id = :id AND used_at IS NULL""").bindMethods(used).execute() == 1;
    }
}
