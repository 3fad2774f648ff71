package dev.nightsafe.database.engine;

import com.zaxxer.hikari.HikariConfig;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL: one schema an owner, named in the search path. */
final class PostgresqlBackend implements Backend {
    private static final int CONNECT_SECONDS = 5;
    private static final int ANSWER_SECONDS = 10;
    /** The first key of every advisory lock of ours: "nsaf". */
    private static final int LOCKS = 0x6e736166;

    private final DatabaseAddress.Postgresql address;
    private final Schema schema;
    private final Tuning tuning;

    PostgresqlBackend(DatabaseAddress.Postgresql address, Schema schema, Tuning tuning) {
        this.address = address;
        this.schema = schema;
        this.tuning = tuning;
    }

    @Override
    public Engine engine() {
        return Engine.POSTGRESQL;
    }

    /** Nothing: several processes may open a schema, one writes; see {@link #openWriter}. */
    @Override
    public Claim claim() {
        return () -> {};
    }

    @Override
    public DataSource migrating() {
        return source();
    }

    @Override
    public HikariConfig reading() {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(looking());
        return pool;
    }

    @Override
    public DataSource looking() {
        PGSimpleDataSource source = source();
        source.setSocketTimeout(ANSWER_SECONDS);
        return source;
    }

    @Override
    public boolean isThere() {
        return true;
    }

    @Override
    public String beginReading() {
        return "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    }

    @Override
    public Connection openWriter() throws SQLException {
        Connection connection = looking().getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = " + tuning.lockWait().toMillis());
            // A writer that vanished without a word keeps its lock until the server notices: in 30 s, not in two hours.
            statement.execute("SET tcp_keepalives_idle = 15");
            statement.execute("SET tcp_keepalives_interval = 5");
            statement.execute("SET tcp_keepalives_count = 3");
            requireDurable(statement);
            lock(statement);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The driver keeps them. */
    @Override
    public Optional<StatementBuilderFactory> statements() {
        return Optional.empty();
    }

    @Override
    public String beginWriting() {
        return "BEGIN";
    }

    /** Remote_apply waits for more than on does; everything else waits for less. */
    private void requireDurable(Statement statement) throws SQLException {
        if (!show(statement, "synchronous_commit").equals("remote_apply")) {
            statement.execute("SET synchronous_commit = on");
        }
        if (!show(statement, "fsync").equals("on")) {
            throw new NightsafeException(
                    ProblemCode.DATABASE_UNAVAILABLE,
                    "the PostgreSQL server has fsync off and would lose what it acknowledged; set fsync = on");
        }
    }

    private static String show(Statement statement, String setting) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SHOW " + setting)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Held by the session: it ends with the connection, after the server has decided what the connection began. */
    private void lock(Statement statement) throws SQLException {
        try {
            statement.execute(
                    "SELECT pg_advisory_lock(" + LOCKS + ", " + schema.id().hashCode() + ")");
        } catch (SQLException e) {
            if (SqlErrors.isLockTimeout(e)) {
                throw new NightsafeException(
                        ProblemCode.DATABASE_UNAVAILABLE,
                        "another process writes the schema " + schema.id() + " of this database; stop it first",
                        e);
            }
            throw e;
        }
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {address.host()});
        source.setPortNumbers(new int[] {address.port()});
        source.setDatabaseName(address.database());
        source.setUser(address.user());
        source.setPassword(address.password());
        source.setCurrentSchema(schema.id());
        source.setApplicationName("nightsafe-" + schema.id());
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setTcpKeepAlive(true);
        // A detail quotes the row.
        source.setLogServerErrorDetail(false);
        address.parameters().forEach((name, value) -> set(source, name, value));
        return source;
    }

    private static void set(PGSimpleDataSource source, String name, String value) {
        try {
            source.setProperty(name, value);
        } catch (SQLException e) {
            throw new IllegalArgumentException("the database's address has a bad " + name, e);
        }
    }
}
