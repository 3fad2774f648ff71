package dev.nightsafe.database.console;

import dev.nightsafe.core.address.Names;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** Workspaces. */
public final class WorkspaceRepository {
    private static final RowMapper<WorkspaceRow> ROW = ConstructorMapper.of(WorkspaceRow.class);

    private WorkspaceRepository() {}

    public static Optional<WorkspaceRow> byName(Handle handle, String name) {
        return handle.createQuery("SELECT id, name, created_at FROM workspace WHERE name = :name")
                .bind("name", Lookup.key(name))
                .map(ROW)
                .findOne();
    }

    public static Optional<WorkspaceRow> byId(Handle handle, String id) {
        return handle.createQuery("SELECT id, name, created_at FROM workspace WHERE id = :id")
                .bind("id", id)
                .map(ROW)
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
                .map(ROW)
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
