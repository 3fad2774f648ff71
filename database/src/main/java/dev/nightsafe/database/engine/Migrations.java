package dev.nightsafe.database.engine;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings a schema to this program's version, and says whether it is there. */
final class Migrations {
    private Migrations() {}

    /** Also refuses a schema that a later version of the program has migrated: its meaning isn't known here. */
    static void migrate(Backend backend, Schema schema) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(backend.migrating())
                // Written out: Flyway doesn't expand a vendor placeholder here and would run nothing.
                .locations(location(backend.engine(), schema))
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .ignoreMigrationPatterns(new String[0])
                .cleanDisabled(true);
        if (backend.engine() == Engine.POSTGRESQL) {
            configuration.schemas(schema.id()).defaultSchema(schema.id()).createSchemas(true);
        }
        try {
            configuration.load().migrate();
        } catch (FlywayException e) {
            throw new NightsafeException(
                    ProblemCode.DATABASE_UNAVAILABLE,
                    "the " + schema.id() + " database can't be reached or brought to version " + schema.version() + " ("
                            + SqlErrors.name(e) + "); see the cause in the log",
                    e);
        }
    }

    private static String location(Engine engine, Schema schema) {
        return "classpath:dev/nightsafe/database/migrations/" + engine.name().toLowerCase(Locale.ROOT) + "/"
                + schema.id();
    }

    /** True when the schema has this program's version, or a later one. */
    static boolean areDone(DataSource source, Schema schema) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT 1 FROM flyway_schema_history WHERE version = ? AND success")) {
            statement.setString(1, schema.version());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        } catch (SQLException e) {
            return false;
        }
    }
}
