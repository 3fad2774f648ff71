package dev.nightsafe.keeper;

import dev.nightsafe.testkit.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A database of the embedded server for one test class; console, keeper and keys are its schemas. */
final class Postgresql {
    private final String address = EmbeddedPostgresServer.freshDatabase();

    String address() {
        return address;
    }

    /** As administrator, in the keeper's schema. */
    Connection connect() throws SQLException {
        Connection connection = EmbeddedPostgresServer.administer(address);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path TO keeper");
        }
        return connection;
    }
}
