package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppliedMigrationsTest {
    @TempDir
    private Path folder;

    private Peer peer;

    @BeforeEach
    void migrate() {
        peer = Peer.Sqlite.in(folder);
        Databases.open(peer.parsed(), Schema.KEEPER).close();
    }

    @Test
    void what_was_migrated_is_recognized_without_Flyway() {
        assertThat(areAll("keeper", "1")).isTrue();
    }

    @Test
    void another_version_or_schema_is_not_taken_for_this_one() {
        assertThat(areAll("keeper", "2")).isFalse();
        assertThat(areAll("console", "1")).isFalse();
    }

    @Test
    void a_new_database_has_everything_before_it() {
        peer = Peer.Sqlite.in(folder.resolve("new"));

        Databases.open(peer.parsed(), Schema.KEEPER).close();

        assertThat(areAll("keeper", "1")).isTrue();
    }

    @Test
    void a_migration_that_was_changed_later_is_refused() throws SQLException {
        change("UPDATE flyway_schema_history SET checksum = checksum + 1");
        assertThatThrownBy(() -> Databases.open(peer.parsed(), Schema.KEEPER)).isInstanceOf(NightsafeException.class);
    }

    @Test
    void a_migration_that_failed_is_refused() throws SQLException {
        change("UPDATE flyway_schema_history SET success = 0");
        assertThatThrownBy(() -> Databases.open(peer.parsed(), Schema.KEEPER)).isInstanceOf(NightsafeException.class);
    }

    @Test
    void a_later_version_is_refused() throws SQLException {
        change("INSERT INTO flyway_schema_history SELECT 2, '2', description, type, 'V2__later.sql', checksum,"
                + " installed_by, installed_on, execution_time, success FROM flyway_schema_history");
        assertThatThrownBy(() -> Databases.open(peer.parsed(), Schema.KEEPER)).isInstanceOf(NightsafeException.class);
    }

    private boolean areAll(String schema, String version) {
        Backend backend = new SqliteBackend((DatabaseAddress.Sqlite) peer.parsed(), Tuning.PRODUCTION);
        return AppliedMigrations.areAll(
                backend.migrating(), "dev/nightsafe/database/migrations/sqlite/" + schema, version);
    }

    private void change(String statement) throws SQLException {
        try (Connection connection = peer.intruder(Schema.KEEPER);
                Statement change = connection.createStatement()) {
            change.executeUpdate(statement);
        }
    }
}
