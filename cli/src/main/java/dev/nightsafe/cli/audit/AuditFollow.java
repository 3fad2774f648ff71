package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Query;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows audit events as they come: a line each, or a JSON object a line. */
final class AuditFollow {
    private static final int NEWEST = 1000;
    private static final long PAUSE_MILLIS = 1000;

    private final Session session;
    private final String query;
    private final Map<String, Long> shownUpTo = new HashMap<>();

    AuditFollow(Session session, @Nullable String chain) {
        this.session = session;
        this.query = new Query().add("chain", chain).add("limit", NEWEST).toString();
    }

    /** Until the process is told to stop. */
    void run(List<ConsoleApi.AuditEvent> first) {
        show(first);
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            show(session.console().list(ConsoleApi.AuditEvent.class, query, "audit"));
        }
    }

    private void show(List<ConsoleApi.AuditEvent> events) {
        boolean json = session.output().isJson();
        for (ConsoleApi.AuditEvent event : events) {
            if (event.seq() > shownUpTo.getOrDefault(event.chain(), 0L)) {
                shownUpTo.put(event.chain(), event.seq());
                session.terminal().out().println(json ? Output.compact(event) : AuditView.line(event));
            }
        }
        session.terminal().out().flush();
    }
}
