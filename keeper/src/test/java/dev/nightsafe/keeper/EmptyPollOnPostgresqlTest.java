package dev.nightsafe.keeper;

import org.junit.jupiter.api.Tag;

/** The same on PostgreSQL. */
@Tag("postgresql")
class EmptyPollOnPostgresqlTest extends EmptyPollTest {
    private final Postgresql postgresql = new Postgresql();

    @Override
    String database(String part) {
        return postgresql.address();
    }

    @Override
    java.sql.Connection connect() throws java.sql.SQLException {
        return postgresql.connect();
    }
}
