package dev.nightsafe.database.engine;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings a schema to this program's version, and says whether it is there. */
final class Migrations {
    private static final System.Logger LOG = System.getLogger(Migrations.class.getName());

    private Migrations() {}

    /** Also refuses a schema that a later version of the program has migrated: its meaning isn't known here. */
    static void migrate(Backend backend, Schema schema) {
        String location = location(backend.engine(), schema);
        // On PostgreSQL each migration also grants what the keeper reads, and finds out who may.
        if (backend.engine() == Engine.SQLITE
                && AppliedMigrations.areAll(backend.migrating(), location, schema.version())) {
            return;
        }
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(backend.migrating())
                // Written out: Flyway doesn't expand a vendor placeholder here and would run nothing.
                .locations("classpath:" + location)
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .ignoreMigrationPatterns(new String[0])
                .cleanDisabled(true);
        if (backend.engine() == Engine.POSTGRESQL) {
            configuration.schemas(schema.id()).defaultSchema(schema.id()).createSchemas(false);
        }
        try {
            if (backend.engine() == Engine.POSTGRESQL) {
                makeSchema(backend.migrating(), schema);
            }
            configuration.load().migrate();
        } catch (FlywayException | SQLException e) {
            throw new NightsafeException(
                    ProblemCode.DATABASE_UNAVAILABLE,
                    "the " + schema.id() + " database can't be reached or brought to version " + schema.version() + " ("
                            + SqlErrors.name(e) + "); " + SqlErrors.advice(e).orElseGet(() -> logged(e)),
                    e);
        }
    }

    /** Not by Flyway, which tries for ten seconds where it isn't allowed to. */
    private static void makeSchema(DataSource source, Schema schema) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("SELECT 1 FROM pg_namespace WHERE nspname = '" + schema.id() + "'")) {
                if (found.next()) {
                    return;
                }
            }
            // Asks for the right to make one even where it exists, hence the look before.
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema.id());
        }
    }

    private static String logged(Exception e) {
        LOG.log(System.Logger.Level.ERROR, "a migration failed", e);
        return "the log has the cause";
    }

    private static String location(Engine engine, Schema schema) {
        return "dev/nightsafe/database/migrations/" + engine.name().toLowerCase(Locale.ROOT) + "/" + schema.id();
    }

    /**
     * True when the schema has this program's version, or a later one.
     *
     * @throws NightsafeException {@code DATABASE_UNAVAILABLE} when it is there and may not be read
     */
    static boolean areDone(DataSource source, Schema schema) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT 1 FROM flyway_schema_history WHERE version = ? AND success")) {
            statement.setString(1, schema.version());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        } catch (SQLException e) {
            if (SqlErrors.isForbidden(e)) {
                throw new NightsafeException(
                        ProblemCode.DATABASE_UNAVAILABLE,
                        "this role may not read the " + schema.id() + " database; run deploy/postgresql/setup.sql, then"
                                + " start the " + schema.id() + " again: it grants what the keeper reads",
                        e);
            }
            return false;
        }
    }
}
