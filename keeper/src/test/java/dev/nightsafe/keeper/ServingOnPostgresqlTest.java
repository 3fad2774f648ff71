package dev.nightsafe.keeper;

/** The same on PostgreSQL. */
class ServingOnPostgresqlTest extends ServingTest {
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
