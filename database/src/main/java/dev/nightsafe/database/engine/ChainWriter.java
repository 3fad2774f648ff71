package dev.nightsafe.database.engine;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.CanonicalJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the audit chain on the committer's connection; it only ever inserts. It knows the head as the database has
 * it, until a failure, after which another one reads the head again.
 */
final class ChainWriter {
    private final AuditChain chain;
    private final PreparedStatement insert;
    private final List<ChainedEvent> pending = new ArrayList<>();
    private @Nullable ChainedEvent head;

    private ChainWriter(AuditChain chain, Connection connection, @Nullable ChainedEvent head) throws SQLException {
        this.chain = chain;
        this.head = head;
        this.insert = connection.prepareStatement(
                "INSERT INTO audit_event (" + AuditRow.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    }

    /** Reads the head from the database, and refuses one that this process's key didn't sign (I7). */
    static ChainWriter open(AuditChain chain, Connection connection, Jdbi jdbi) throws SQLException {
        AuditRow last = jdbi.withHandle(chain.log()::last);
        if (last == null) {
            return new ChainWriter(chain, connection, null);
        }
        ChainedEvent event = last.event();
        if (!last.isSignedBy(chain.signer().publicKey())) {
            throw new NightsafeException(
                    ProblemCode.INTERNAL,
                    "the last event of the audit chain " + chain.name() + " (number " + event.seq()
                            + ") isn't signed by this process's audit key, so nothing is appended to it;"
                            + " restore the audit key or the database");
        }
        return new ChainWriter(chain, connection, event);
    }

    /** Chains the events of a submission that succeeded; {@link #store} writes them. */
    void append(long atMillis, List<AuditEvent> events) {
        for (AuditEvent event : events) {
            head = head == null
                    ? ChainedEvent.chain(chain.name(), 1, atMillis, event, ChainedEvent.START)
                    : ChainedEvent.chain(chain.name(), head.seq() + 1, atMillis, event, head.hash());
            pending.add(head);
        }
    }

    /** Writes what was appended since the last time and signs the last of it, before the commit. */
    void store() throws SQLException {
        if (pending.isEmpty()) {
            return;
        }
        ChainedEvent last = pending.getLast();
        for (ChainedEvent event : pending) {
            bind(event, event.seq() == last.seq() ? chain.signer().sign(last.signedMessage()) : null);
            insert.addBatch();
        }
        insert.executeBatch();
        pending.clear();
    }

    private void bind(ChainedEvent chained, byte @Nullable [] signature) throws SQLException {
        AuditEvent event = chained.event();
        insert.setString(1, chained.chain());
        insert.setLong(2, chained.seq());
        insert.setLong(3, chained.atMillis());
        insert.setString(4, event.workspaceId());
        insert.setString(5, event.actor());
        insert.setString(6, event.action());
        insert.setString(7, event.object());
        insert.setString(8, event.outcome());
        insert.setString(9, CanonicalJson.write(event.details()));
        insert.setString(10, chained.previous());
        insert.setString(11, chained.hash());
        insert.setBytes(12, signature);
    }
}
