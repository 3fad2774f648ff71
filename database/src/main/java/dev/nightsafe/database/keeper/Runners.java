package dev.nightsafe.database.keeper;

import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.core.signing.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Enrolled runners. */
public final class Runners {
    private Runners() {}

    /**
     * @param queues JSON array of names, {@code ["*"]} for all
     * @param auditProblem why an audit chain isn't the one that it saw, as it says; null for nothing
     * @param mac the keeper's, over {@link #authenticated}
     */
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
            @Nullable Long revokedAt,
            @Nullable String auditProblem,
            byte[] mac)
            implements AuthenticatedRow {

        /** Not what the runner says at each poll (isolation, what is wrong with an audit chain), nor when that was. */
        @Override
        public byte[] authenticated() {
            return Message.of("nightsafe/runner/1")
                    .add(id)
                    .add(workspaceId)
                    .add(name)
                    .add(site)
                    .add(queues)
                    .add(publicKey)
                    .add(enrolledAt)
                    .add(revokedAt == null ? "" : revokedAt.toString())
                    .bytes();
        }

        /** True while nothing that was authenticated is another than in {@code before}. */
        public boolean isStill(Row before) {
            return Arrays.equals(authenticated(), before.authenticated());
        }

        public Row withMac(Mac keeper) {
            return new Row(
                    id,
                    workspaceId,
                    name,
                    site,
                    queues,
                    publicKey,
                    isolation,
                    enrolledAt,
                    lastSeenAt,
                    revokedAt,
                    auditProblem,
                    keeper.of(authenticated()));
        }

        /** Revoked, with the MAC that it had before. */
        public Row revoked(long at) {
            return new Row(
                    id,
                    workspaceId,
                    name,
                    site,
                    queues,
                    publicKey,
                    isolation,
                    enrolledAt,
                    lastSeenAt,
                    at,
                    auditProblem,
                    mac);
        }
    }

    /** Throws a unique violation for a public key that is enrolled already. */
    public static void insert(Handle handle, Row row) {
        handle.createUpdate("""
                        INSERT INTO runner (id, workspace_id, name, site, queues, public_key, isolation, enrolled_at,
                            mac)
                        VALUES (:id, :workspaceId, :name, :site, :queues, :publicKey, :isolation, :enrolledAt, :mac)""").bindMethods(row).execute();
    }

    public static Optional<Row> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM runner WHERE id = :id")
                .bind("id", id)
                .mapTo(Row.class)
                .findOne();
    }

    public static Optional<Row> byKey(Handle handle, byte[] publicKey) {
        return handle.createQuery("SELECT * FROM runner WHERE public_key = :key")
                .bind("key", publicKey)
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

    /** @param auditProblem what the runner says; null for nothing */
    public static void seen(Handle handle, String id, String isolation, @Nullable String auditProblem, long now) {
        handle.createUpdate("""
                        UPDATE runner SET last_seen_at = :now, isolation = :isolation, audit_problem = :auditProblem
                        WHERE id = :id""")
                .bind("id", id)
                .bind("isolation", isolation)
                .bind("auditProblem", auditProblem)
                .bind("now", now)
                .execute();
    }

    /** Stores when it was revoked, with the MAC; false when it was revoked before. */
    public static boolean revoke(Handle handle, Row revoked) {
        return handle.createUpdate("""
                        UPDATE runner SET revoked_at = :revokedAt, mac = :mac
                        WHERE id = :id AND revoked_at IS NULL""").bindMethods(revoked).execute() == 1;
    }
}
