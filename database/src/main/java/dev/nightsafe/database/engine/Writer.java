package dev.nightsafe.database.engine;

import dev.nightsafe.core.problem.NightsafeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes, and the head of the chain as that connection knows it. After any failure but a
 * submission's own it is closed and another one opened, which reads the head again. Used by one thread.
 */
final class Writer implements AutoCloseable {
    private final Backend backend;
    private final Connection connection;
    private final Statement statement;
    private final PreparedStatement savepoint;
    private final PreparedStatement release;
    private final Jdbi jdbi;
    private final InstantSource clock;
    private final @Nullable ChainWriter chain;

    private Writer(Backend backend, Connection connection, @Nullable AuditChain chain, InstantSource clock)
            throws SQLException {
        this.backend = backend;
        this.connection = connection;
        this.statement = connection.createStatement();
        this.savepoint = connection.prepareStatement("SAVEPOINT submission");
        this.release = connection.prepareStatement("RELEASE SAVEPOINT submission");
        this.jdbi = Mapping.configure(Jdbi.create(new Lent(connection)));
        backend.statements().ifPresent(jdbi::setStatementBuilderFactory);
        this.clock = clock;
        this.chain = chain == null ? null : ChainWriter.open(chain, connection, jdbi);
    }

    static Writer open(Backend backend, @Nullable AuditChain chain, InstantSource clock) throws SQLException {
        Connection connection = backend.openWriter();
        try {
            return new Writer(backend, connection, chain, clock);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    void begin() throws SQLException {
        statement.execute(backend.beginWriting());
    }

    /**
     * Runs one submission. When its work fails, it alone is rolled back and told so, and leaves no event.
     *
     * @throws SQLException when the whole transaction can't go on
     */
    void run(Submission<?> submission) throws SQLException {
        savepoint.execute();
        try (Share share = new Share(jdbi.open(), clock.millis(), chain != null)) {
            submission.run(share);
            release.execute();
            if (chain != null) {
                chain.append(share.now(), share.events());
            }
        } catch (Throwable e) {
            // What the work itself calls unavailable is elsewhere; if it is here after all, undoing fails.
            if (SqlErrors.isUnavailable(e) && !(e instanceof NightsafeException)) {
                throw e;
            }
            undo(e);
            submission.fail(e);
        }
    }

    private void undo(Throwable why) throws SQLException {
        try {
            statement.execute("ROLLBACK TO SAVEPOINT submission");
            release.execute();
        } catch (SQLException e) {
            e.addSuppressed(why);
            throw e;
        }
    }

    /** Writes the audit events of all submissions; what follows is the commit itself. */
    void storeEvents() throws SQLException {
        if (chain != null) {
            chain.store();
        }
    }

    /** Returns when everything since {@link #begin} is durable. */
    void commit() throws SQLException {
        statement.execute("COMMIT");
    }

    @Override
    public void close() throws SQLException {
        // Ends whatever transaction is open.
        connection.close();
    }

    /** Lends the connection to handles that come and go. */
    private record Lent(Connection connection) implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection lent) {}
    }
}
