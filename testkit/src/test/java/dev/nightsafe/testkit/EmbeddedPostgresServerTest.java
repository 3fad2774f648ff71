package dev.nightsafe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class EmbeddedPostgresServerTest {
    @Test
    void each_database_is_new_and_of_one_server() {
        String first = EmbeddedPostgresServer.freshDatabase();
        String second = EmbeddedPostgresServer.freshDatabase();
        assertThat(second).isNotEqualTo(first);
        assertThat(second.substring(0, second.lastIndexOf('/'))).isEqualTo(first.substring(0, first.lastIndexOf('/')));
    }

    @Test
    void a_database_that_was_given_back_is_empty() throws SQLException {
        String address = EmbeddedPostgresServer.freshDatabase();
        try (Connection connection = EmbeddedPostgresServer.administer(address);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA mine CREATE TABLE mine.things (id TEXT)");
            EmbeddedPostgresServer.giveBack(address);
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        try (Connection connection = EmbeddedPostgresServer.administer(EmbeddedPostgresServer.freshDatabase());
                ResultSet schemas = connection.getMetaData().getSchemas(null, "mine")) {
            assertThat(schemas.next()).isFalse();
        }
    }

    @Test
    void it_syncs_like_a_server_in_production() throws SQLException {
        try (Connection connection = EmbeddedPostgresServer.administer(EmbeddedPostgresServer.freshDatabase());
                Statement statement = connection.createStatement();
                ResultSet settings = statement.executeQuery(
                        "SELECT current_setting('fsync'), current_setting('synchronous_commit')")) {
            settings.next();
            assertThat(settings.getString(1)).isEqualTo("on");
            assertThat(settings.getString(2)).isEqualTo("on");
        }
    }
}
