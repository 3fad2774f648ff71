package dev.nightsafe.database.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** A pool of connections that can't write. Each read is one transaction and sees one state. Thread-safe. */
final class Readers implements AutoCloseable {
    private static final int CONNECTIONS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private final Schema schema;
    private final String begin;
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    Readers(Backend backend, Schema schema, Tuning tuning) {
        HikariConfig config = backend.reading();
        config.setPoolName("nightsafe-" + schema.id());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(tuning.lockWait().toMillis());
        this.schema = schema;
        this.begin = backend.beginReading();
        this.pool = new HikariDataSource(config);
        this.jdbi = Mapping.configure(Jdbi.create(pool));
        backend.statements().ifPresent(jdbi::setStatementBuilderFactory);
    }

    <T extends @Nullable Object> T read(Function<Handle, T> work) {
        try (Handle handle = begun()) {
            try {
                return work.apply(handle);
            } finally {
                end(handle);
            }
        } catch (SQLException | RuntimeException e) {
            throw translated(e);
        }
    }

    /** A connection that died in the pool is dropped and another one taken: the work hasn't begun. */
    private Handle begun() throws SQLException {
        for (int dropped = 0; ; dropped++) {
            Handle handle = jdbi.open();
            try {
                execute(handle, begin);
                return handle;
            } catch (SQLException e) {
                pool.evictConnection(handle.getConnection());
                handle.close();
                if (dropped == CONNECTIONS || !SqlErrors.isUnavailable(e)) {
                    throw e;
                }
            }
        }
    }

    /** A connection whose transaction doesn't end isn't given to anyone else. */
    private void end(Handle handle) {
        try {
            execute(handle, "ROLLBACK");
        } catch (SQLException e) {
            pool.evictConnection(handle.getConnection());
        }
    }

    private RuntimeException translated(Exception error) {
        if (!(error instanceof NightsafeException) && SqlErrors.isUnavailable(error)) {
            return new NightsafeException(
                    ProblemCode.DATABASE_UNAVAILABLE,
                    "the " + schema.id() + " database can't be read now (" + SqlErrors.name(error) + "); try again",
                    error);
        }
        return error instanceof RuntimeException unchecked
                ? unchecked
                : new NightsafeException(ProblemCode.INTERNAL, "a read failed (" + SqlErrors.name(error) + ")", error);
    }

    private static void execute(Handle handle, String sql) throws SQLException {
        if (handle.getStatementBuilder() instanceof KeptStatements kept) {
            kept.execute(sql);
            return;
        }
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
