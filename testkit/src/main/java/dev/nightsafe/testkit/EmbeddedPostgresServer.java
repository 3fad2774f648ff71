package dev.nightsafe.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL server of the tests' own: started at its first use, one for the whole JVM, gone with it. It syncs like
 * one in production, because what refuses an unsafe server is tested too. Safe for use by several threads.
 */
public final class EmbeddedPostgresServer {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    /** Empty again. Each database is three hundred files, which take time to make and to delete. */
    private static final Queue<String> GIVEN_BACK = new ConcurrentLinkedQueue<>();

    private static final String EMPTY = """
            DO $$
            DECLARE name text;
            BEGIN
                PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid();
                FOR name IN SELECT nspname FROM pg_namespace
                        WHERE nspname NOT IN ('public', 'information_schema') AND nspname NOT LIKE 'pg\\_%' LOOP
                    EXECUTE format('DROP SCHEMA %I CASCADE', name);
                END LOOP;
                EXECUTE format('ALTER DATABASE %I RESET ALL', current_database());
            END $$
            """;

    private EmbeddedPostgresServer() {}

    /** Makes an empty database and says where: {@code postgresql://user:password@127.0.0.1:port/name}. */
    public static String freshDatabase() {
        String emptied = GIVEN_BACK.poll();
        if (emptied != null) {
            return emptied;
        }
        String name = "test" + DATABASES.incrementAndGet();
        execute("postgres", "CREATE DATABASE " + name);
        return Shared.SERVER.address(name);
    }

    /** Ends what is still connected, empties the database and keeps it for the next who asks for one. */
    public static void giveBack(String address) {
        execute(nameIn(address), EMPTY);
        GIVEN_BACK.add(address);
    }

    /** A connection as the server's administrator to the database of this address; the caller closes it. */
    public static Connection administer(String address) {
        return connect(nameIn(address));
    }

    private static String nameIn(String address) {
        return address.substring(address.lastIndexOf('/') + 1);
    }

    private static Connection connect(String database) {
        try {
            return Shared.SERVER.connect(database);
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded PostgreSQL doesn't answer", e);
        }
    }

    private static void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded PostgreSQL refused: " + sql, e);
        }
    }

    /** Started when its class is first used. */
    private static final class Shared {
        static final PostgresProcess SERVER = start();

        private static PostgresProcess start() {
            PostgresProcess server = PostgresProcess.start(true);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        }
    }
}
