package dev.nightsafe.console.platform;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.database.console.WorkspaceRow;
import java.util.Map;
import java.util.TreeMap;

/** A caller in the workspace of the path, let in by the gate. Everything that a request reads or changes lies in it (I6). */
public record Scope(Caller caller, WorkspaceRow workspace) {

    public String workspaceId() {
        return workspace.id();
    }

    public String actor() {
        return caller.actor();
    }

    public boolean may(Permission permission) {
        return caller.may(permission);
    }

    /** Says in the audit that the caller did something here. */
    public AuditEvent did(String action, String object, Map<String, String> details) {
        return new AuditEvent(workspaceId(), actor(), action, object, "ok", new TreeMap<>(details));
    }
}
