package dev.nightsafe.console.platform;

import dev.nightsafe.database.console.QueueRepository;
import dev.nightsafe.database.console.QueueRow;
import org.jdbi.v3.core.Handle;

/** What a request names, found in its workspace alone (I6). */
public final class Lookup {
    private Lookup() {}

    /** Throws {@code QUEUE_NOT_FOUND}. */
    public static QueueRow queue(Handle handle, Scope scope, String name) {
        return QueueRepository.byName(handle, scope.workspaceId(), name)
                .orElseThrow(() -> Failures.queueNotFound(name));
    }
}
