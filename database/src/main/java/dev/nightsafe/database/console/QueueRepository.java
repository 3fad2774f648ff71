package dev.nightsafe.database.console;

import dev.nightsafe.core.address.Names;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Queues. */
public final class QueueRepository {
    private static final String COLUMNS =
            "id, workspace_id, name, definition, deployment, deployment_digest, revision, updated_at, updated_by";

    private QueueRepository() {}

    public static Optional<QueueRow> byName(Handle handle, String workspaceId, String name) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM queue WHERE workspace_id = :workspace AND " + Lookup.BY_NAME)
                .bind("workspace", workspaceId)
                .bind("name", Lookup.key(name))
                .bind("folded", Names.folded(Lookup.key(name)))
                .mapTo(QueueRow.class)
                .findOne();
    }

    public static Optional<QueueRow> byId(Handle handle, String workspaceId, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM queue WHERE workspace_id = :workspace AND id = :id")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .mapTo(QueueRow.class)
                .findOne();
    }

    /** The name that is taken in this or another case. */
    public static Optional<String> taken(Handle handle, String workspaceId, String name) {
        return handle.createQuery("SELECT name FROM queue WHERE workspace_id = :workspace AND name_folded = :folded")
                .bind("workspace", workspaceId)
                .bind("folded", Names.folded(name))
                .mapTo(String.class)
                .findOne();
    }

    /** All of a workspace, by name. */
    public static List<QueueRow> list(Handle handle, String workspaceId) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM queue WHERE workspace_id = :workspace ORDER BY name_folded")
                .bind("workspace", workspaceId)
                .mapTo(QueueRow.class)
                .list();
    }

    public static void insert(Handle handle, QueueRow row) {
        handle.createUpdate("INSERT INTO queue (" + COLUMNS + ", name_folded) VALUES (:id, :workspaceId, :name,"
                        + " :definition, :deployment, :deploymentDigest, :revision, :updatedAt, :updatedBy, :folded)")
                .bindMethods(row)
                .bind("folded", Names.folded(row.name()))
                .execute();
    }

    /** Stores the next revision; false when the one before it isn't there any more. */
    public static boolean update(Handle handle, QueueRow row) {
        return handle.createUpdate("UPDATE queue SET definition = :definition, deployment = :deployment,"
                                + " deployment_digest = :deploymentDigest, revision = :revision,"
                                + " updated_at = :updatedAt, updated_by = :updatedBy"
                                + " WHERE id = :id AND revision = :revision - 1")
                        .bindMethods(row)
                        .execute()
                == 1;
    }

    /** With the release rules that name it. */
    public static void delete(Handle handle, String id) {
        handle.createUpdate("DELETE FROM queue WHERE id = :id").bind("id", id).execute();
    }
}
