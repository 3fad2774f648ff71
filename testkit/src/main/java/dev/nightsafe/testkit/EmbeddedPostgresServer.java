package dev.nightsafe.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL server of the tests' own: started at its first use, one for the whole JVM, gone with it. It syncs like
 * one in production, because what refuses an unsafe server is tested too. Safe for use by several threads.
 */
public final class EmbeddedPostgresServer {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private EmbeddedPostgresServer() {}

    /** Makes an empty database and says where: {@code postgresql://user:password@127.0.0.1:port/name}. */
    public static String freshDatabase() {
        String name = "test" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return "postgresql://postgres:postgres@127.0.0.1:" + Server.RUNNING.getPort() + "/" + name;
    }

    /** A connection as the server's administrator to the database of this address; the caller closes it. */
    public static Connection administer(String address) {
        try {
            String name = address.substring(address.lastIndexOf('/') + 1);
            return Server.RUNNING.getDatabase("postgres", name).getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded PostgreSQL doesn't answer", e);
        }
    }

    private static void execute(String sql) {
        try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded PostgreSQL refused: " + sql, e);
        }
    }

    /** Started when its class is first used. */
    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        // The library turns both off, for speed.
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("shared_buffers", "16MB")
                        .setServerConfig("max_connections", "100")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded PostgreSQL doesn't start", e);
            }
        }
    }
}
