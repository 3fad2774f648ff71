package dev.nightsafe.database.engine;

import dev.nightsafe.core.audit.AuditEvent;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The {@link Transaction} that a submission's work gets; of no use after it. */
final class Share implements Transaction, AutoCloseable {
    private final Handle handle;
    private final long now;
    private final boolean audited;
    private final List<AuditEvent> events = new ArrayList<>(2);
    private boolean over;

    Share(Handle handle, long now, boolean audited) {
        this.handle = handle;
        this.now = now;
        this.audited = audited;
    }

    @Override
    public Handle handle() {
        requireInside();
        return handle;
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public void audit(AuditEvent event) {
        requireInside();
        if (!audited) {
            throw new IllegalStateException("this database has no audit chain; record the event in the part's own");
        }
        events.add(event);
    }

    List<AuditEvent> events() {
        return events;
    }

    private void requireInside() {
        if (over) {
            throw new IllegalStateException("a transaction ends with the work it was given to");
        }
    }

    @Override
    public void close() {
        over = true;
        handle.close();
    }
}
