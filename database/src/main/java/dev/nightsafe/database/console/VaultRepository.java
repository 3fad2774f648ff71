package dev.nightsafe.database.console;

import dev.nightsafe.core.address.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Vaults. */
public final class VaultRepository {
    private static final String COLUMNS = "id, workspace_id, name, description, kind, suite, lock_id, lock_public_key,"
            + " lock_serial, lock_certificate, keep_versions, keep_days, created_at, updated_at";

    private VaultRepository() {}

    public static Optional<VaultRow> byName(Handle handle, String workspaceId, String name) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM vault WHERE workspace_id = :workspace AND " + Lookup.BY_NAME)
                .bind("workspace", workspaceId)
                .bind("name", Lookup.key(name))
                .bind("folded", Names.folded(Lookup.key(name)))
                .mapTo(VaultRow.class)
                .findOne();
    }

    public static Optional<VaultRow> byId(Handle handle, String workspaceId, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM vault WHERE workspace_id = :workspace AND id = :id")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .mapTo(VaultRow.class)
                .findOne();
    }

    /** The name that is taken in this or another case. */
    public static Optional<String> taken(Handle handle, String workspaceId, String name) {
        return handle.createQuery("SELECT name FROM vault WHERE workspace_id = :workspace AND name_folded = :folded")
                .bind("workspace", workspaceId)
                .bind("folded", Names.folded(name))
                .mapTo(String.class)
                .findOne();
    }

    /** All of a workspace, by name. */
    public static List<VaultRow> list(Handle handle, String workspaceId) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM vault WHERE workspace_id = :workspace ORDER BY name_folded")
                .bind("workspace", workspaceId)
                .mapTo(VaultRow.class)
                .list();
    }

    /** Those of every workspace that fit a condition on {@code vault}. */
    static List<VaultRow> list(Handle handle, String condition, long now) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM vault WHERE " + condition + " ORDER BY id")
                .bind("now", now)
                .mapTo(VaultRow.class)
                .list();
    }

    /** How many keys a vault has, and how many of them somebody should look at. */
    public record Counts(int entries, int reminders) {}

    /**
     * By the vault's id; vaults without keys are absent.
     *
     * @param soon what expires before that is to be looked at
     * @param now what should have been replaced before that, too
     */
    public static Map<String, Counts> counts(Handle handle, String workspaceId, long soon, long now) {
        Map<String, Counts> counts = new LinkedHashMap<>();
        handle.createQuery("""
                        SELECT s.vault_id, COUNT(*) AS entries, SUM(CASE WHEN (s.expires_at > 0 AND s.expires_at <= :soon)
                            OR (s.rotate_days > 0 AND s.updated_at + s.rotate_days * 86400000 <= :now)
                            THEN 1 ELSE 0 END) AS reminders
                        FROM secret s JOIN vault v ON v.id = s.vault_id
                        WHERE v.workspace_id = :workspace AND s.box IS NOT NULL GROUP BY s.vault_id""")
                .bind("workspace", workspaceId)
                .bind("soon", soon)
                .bind("now", now)
                .map((row, context) -> Map.entry(
                        row.getString("vault_id"), new Counts(row.getInt("entries"), row.getInt("reminders"))))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    public static void insert(Handle handle, VaultRow row) {
        handle.createUpdate("INSERT INTO vault (" + COLUMNS + ", name_folded) VALUES (:id, :workspaceId, :name,"
                        + " :description, :kind, :suite, :lockId, :lockPublicKey, :lockSerial, :lockCertificate,"
                        + " :keepVersions, :keepDays, :createdAt, :updatedAt, :folded)")
                .bindMethods(row)
                .bind("folded", Names.folded(row.name()))
                .execute();
    }

    public static void keep(Handle handle, String id, int versions, int days, long at) {
        handle.createUpdate("UPDATE vault SET keep_versions = :versions, keep_days = :days, updated_at = :at"
                        + " WHERE id = :id")
                .bind("id", id)
                .bind("versions", versions)
                .bind("days", days)
                .bind("at", at)
                .execute();
    }

    /** Gives a vault another lock; false when it hasn't the one before any more. */
    public static boolean relock(Handle handle, VaultRow renewed, String before) {
        return handle.createUpdate("UPDATE vault SET suite = :suite, lock_id = :lockId,"
                                + " lock_public_key = :lockPublicKey, lock_serial = :lockSerial,"
                                + " lock_certificate = :lockCertificate, updated_at = :updatedAt"
                                + " WHERE id = :id AND lock_id = :before")
                        .bindMethods(renewed)
                        .bind("before", before)
                        .execute()
                == 1;
    }

    /** The vault of this name, changed now; no console gives it another lock before this transaction ends. */
    public static Optional<VaultRow> touch(Handle handle, String workspaceId, String name, long at) {
        return handle.createQuery("UPDATE vault SET updated_at = :at WHERE workspace_id = :workspace AND "
                        + Lookup.BY_NAME + " RETURNING " + COLUMNS)
                .bind("workspace", workspaceId)
                .bind("name", Lookup.key(name))
                .bind("folded", Names.folded(Lookup.key(name)))
                .bind("at", at)
                .mapTo(VaultRow.class)
                .findOne();
    }

    /** With its secrets and release rules. */
    public static void delete(Handle handle, String id) {
        handle.createUpdate("DELETE FROM vault WHERE id = :id").bind("id", id).execute();
    }
}
