package dev.nightsafe.database.console;

import dev.nightsafe.core.address.Names;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Workspaces. */
public final class WorkspaceRepository {
    private WorkspaceRepository() {}

    public static Optional<WorkspaceRow> byName(Handle handle, String name) {
        return handle.createQuery("SELECT id, name, created_at FROM workspace WHERE " + Lookup.BY_NAME)
                .bind("name", Lookup.key(name))
                .bind("folded", Names.folded(Lookup.key(name)))
                .mapTo(WorkspaceRow.class)
                .findOne();
    }

    public static Optional<WorkspaceRow> byId(Handle handle, String id) {
        return handle.createQuery("SELECT id, name, created_at FROM workspace WHERE id = :id")
                .bind("id", id)
                .mapTo(WorkspaceRow.class)
                .findOne();
    }

    /** The name that is taken in this or another case. */
    public static Optional<String> taken(Handle handle, String name) {
        return handle.createQuery("SELECT name FROM workspace WHERE name_folded = :folded")
                .bind("folded", Names.folded(name))
                .mapTo(String.class)
                .findOne();
    }

    /** All, by name. */
    public static List<WorkspaceRow> list(Handle handle) {
        return handle.createQuery("SELECT id, name, created_at FROM workspace ORDER BY name_folded")
                .mapTo(WorkspaceRow.class)
                .list();
    }

    public static void insert(Handle handle, WorkspaceRow row) {
        handle.createUpdate("INSERT INTO workspace (id, name, name_folded, created_at)"
                        + " VALUES (:id, :name, :folded, :createdAt)")
                .bindMethods(row)
                .bind("folded", Names.folded(row.name()))
                .execute();
    }
}
