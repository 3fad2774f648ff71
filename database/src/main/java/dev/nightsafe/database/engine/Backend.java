package dev.nightsafe.database.engine;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.statement.StatementBuilderFactory;

/** What differs between the engines. Safe for use by several threads. */
interface Backend {
    Engine engine();

    /** Makes the database its owner's, for as long as the claim isn't closed, where the engine can do that before it opens. */
    Claim claim();

    /** Connections for migrations. */
    DataSource migrating();

    /** A pool of connections that can't write. */
    HikariConfig reading();

    /** False when there is nothing to connect to yet. */
    boolean isThere();

    /** Connections that can't write, outside the pool. */
    DataSource looking();

    /** Starts what one read sees. */
    String beginReading();

    /**
     * Opens a connection that writes, after making sure that what it commits will be durable (I4) and that no other
     * process's committer writes there.
     */
    Connection openWriter() throws SQLException;

    /** Keeps what was prepared, where the driver doesn't; each call makes one, for one pool or one writer. */
    Optional<StatementBuilderFactory> statements();

    /** Starts a transaction that writes. */
    String beginWriting();

    /** Being a database's owner. */
    interface Claim extends AutoCloseable {
        /** Gives it up; never throws. */
        @Override
        void close();
    }
}
