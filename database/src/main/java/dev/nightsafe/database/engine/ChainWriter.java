package dev.nightsafe.database.engine;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.CanonicalJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Appends to the audit chain on the committer's connection; it knows the head as the database has it. */
final class ChainWriter implements AutoCloseable {
    private final AuditChain chain;
    private final PreparedStatement insert;
    private final PreparedStatement sign;
    private @Nullable ChainedEvent head;
    private @Nullable ChainedEvent signed;

    private ChainWriter(AuditChain chain, Connection connection, @Nullable ChainedEvent head) throws SQLException {
        this.chain = chain;
        this.head = head;
        this.signed = head;
        this.insert = connection.prepareStatement(
                "INSERT INTO audit_event (chain, seq, at, workspace_id, actor, action, object, outcome, details,"
                        + " previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        this.sign = connection.prepareStatement("UPDATE audit_event SET signature = ? WHERE chain = ? AND seq = ?");
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

    /** The last event, null when there is none yet. */
    @Nullable
    ChainedEvent head() {
        return head;
    }

    /** Forgets what was appended and then rolled back. */
    void rewindTo(@Nullable ChainedEvent earlier) {
        head = earlier;
    }

    void append(long atMillis, List<AuditEvent> events) throws SQLException {
        for (AuditEvent event : events) {
            ChainedEvent next = head == null
                    ? ChainedEvent.chain(chain.name(), 1, atMillis, event, ChainedEvent.START)
                    : ChainedEvent.chain(chain.name(), head.seq() + 1, atMillis, event, head.hash());
            insert(next);
            head = next;
        }
    }

    /** Signs the last event, when there is a new one, before the commit. */
    void seal() throws SQLException {
        if (head == null || head.equals(signed)) {
            return;
        }
        sign.setBytes(1, chain.signer().sign(head.signedMessage()));
        sign.setString(2, chain.name());
        sign.setLong(3, head.seq());
        if (sign.executeUpdate() != 1) {
            throw new IllegalStateException("the audit event " + head.seq() + " isn't there to be signed");
        }
        signed = head;
    }

    private void insert(ChainedEvent chained) throws SQLException {
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
        insert.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        insert.close();
        sign.close();
    }
}
