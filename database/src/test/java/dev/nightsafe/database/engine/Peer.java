package dev.nightsafe.database.engine;

import dev.nightsafe.testkit.EmbeddedPostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of one test's own, and what somebody else can do to it. */
interface Peer {
    /** Where it is, as in the settings. */
    String address();

    /** A connection of somebody who may write the tables and isn't the committer. */
    Connection intruder(Schema schema) throws SQLException;

    /** The test has ended. */
    default void giveBack() {}

    default DatabaseAddress parsed() {
        return DatabaseAddress.parse(address());
    }

    default void tamper(Schema schema, String sql) {
        try (Connection connection = intruder(schema);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    record Sqlite(Path file) implements Peer {
        private static final AtomicInteger FOLDERS = new AtomicInteger();

        /** In a folder that doesn't exist yet. */
        static Sqlite in(Path folder) {
            return new Sqlite(
                    folder.resolve("folder" + FOLDERS.incrementAndGet()).resolve("console.db"));
        }

        @Override
        public String address() {
            return "sqlite:" + file;
        }

        @Override
        public Connection intruder(Schema schema) throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + file);
        }
    }

    record Postgresql(String address) implements Peer {
        static Postgresql fresh() {
            return new Postgresql(EmbeddedPostgresServer.freshDatabase());
        }

        @Override
        public void giveBack() {
            EmbeddedPostgresServer.giveBack(address);
        }

        @Override
        public Connection intruder(Schema schema) throws SQLException {
            Connection connection = EmbeddedPostgresServer.administer(address);
            connection.setSchema(schema.id());
            return connection;
        }
    }
}
