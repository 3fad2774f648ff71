package dev.nightsafe.database.engine;

import dev.nightsafe.core.audit.AuditEvent;
import org.jdbi.v3.core.Handle;

/** One submission's share of a commit. Rolled back alone when its work throws. Valid only inside the work. */
public interface Transaction {
    Handle handle();

    /** Milliseconds since 1970, the same for all that this submission writes. */
    long now();

    /** Records an event in this process's chain; it is durable exactly when the submission is. */
    void audit(AuditEvent event);
}
