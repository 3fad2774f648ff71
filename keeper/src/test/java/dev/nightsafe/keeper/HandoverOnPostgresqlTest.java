package dev.nightsafe.keeper;

import java.util.List;
import org.junit.jupiter.api.Tag;

/** The same on PostgreSQL. */
@Tag("postgresql")
class HandoverOnPostgresqlTest extends HandoverTest {
    private final Postgresql postgresql = new Postgresql();

    @Override
    String database(String part) {
        return postgresql.address();
    }

    @Override
    java.sql.Connection connect() throws java.sql.SQLException {
        return postgresql.connect();
    }

    @Override
    List<String> leasesFail() {
        return List.of(
                "CREATE FUNCTION no_lease() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''no lease''; END' LANGUAGE plpgsql",
                "CREATE TRIGGER no_lease BEFORE UPDATE ON task FOR EACH ROW EXECUTE FUNCTION no_lease()");
    }

    @Override
    String onTable() {
        return " ON task";
    }
}
