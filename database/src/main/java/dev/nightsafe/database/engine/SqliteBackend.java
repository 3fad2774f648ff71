package dev.nightsafe.database.engine;

import com.zaxxer.hikari.HikariConfig;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/**
 * SQLite in WAL mode. The driver's autoCommit stays true everywhere: its other mode takes the write lock again after each
 * commit, so transactions are begun by statement.
 */
final class SqliteBackend implements Backend {
    private static final int WAL_KEPT_BYTES = 16 << 20;

    private final Path file;
    private final Tuning tuning;

    SqliteBackend(DatabaseAddress.Sqlite address, Tuning tuning) {
        this.file = address.file();
        this.tuning = tuning;
    }

    @Override
    public Engine engine() {
        return Engine.SQLITE;
    }

    @Override
    public Claim claim() {
        try {
            Path folder = file.getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Claim claim = FileClaim.of(Path.of(file + ".lock"));
            PrivateFile.ensure(file);
            return claim;
        } catch (IOException e) {
            throw new NightsafeException(
                    ProblemCode.DATABASE_UNAVAILABLE,
                    "can't make " + file + ": check that its folder can be written by this user",
                    e);
        }
    }

    @Override
    public DataSource migrating() {
        return source(writing());
    }

    @Override
    public HikariConfig reading() {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(looking());
        // Both or neither: the driver refuses to change its mind after opening.
        pool.setReadOnly(true);
        pool.setConnectionInitSql("PRAGMA trusted_schema=OFF");
        return pool;
    }

    @Override
    public DataSource looking() {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout((int) tuning.lockWait().toMillis());
        return source(config);
    }

    @Override
    public boolean isThere() {
        return Files.exists(file);
    }

    @Override
    public String beginReading() {
        return "BEGIN";
    }

    @Override
    public Connection openWriter() throws SQLException {
        Connection connection = source(writing()).getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA trusted_schema=OFF");
            // What is destroyed is overwritten with zeros in the file; the write-ahead log has it until it is used
            // again.
            statement.execute("PRAGMA secure_delete=ON");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Optional<StatementBuilderFactory> statements() {
        Map<Connection, KeptStatements> all = new ConcurrentHashMap<>();
        return Optional.of(connection -> {
            Connection own = unwrapped(connection);
            if (!all.containsKey(own)) {
                all.values().removeIf(KeptStatements::isOfClosed);
            }
            return all.computeIfAbsent(own, KeptStatements::new);
        });
    }

    private static Connection unwrapped(Connection connection) {
        try {
            return connection.unwrap(SQLiteConnection.class);
        } catch (SQLException e) {
            throw new IllegalStateException("not a connection of this engine", e);
        }
    }

    @Override
    public String beginWriting() {
        return "BEGIN IMMEDIATE";
    }

    private SQLiteConfig writing() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.valueOf(tuning.synchronous()));
        config.enforceForeignKeys(true);
        config.setBusyTimeout((int) tuning.lockWait().toMillis());
        config.setJournalSizeLimit(WAL_KEPT_BYTES);
        config.setGetGeneratedKeys(false);
        return config;
    }

    private DataSource source(SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }
}
