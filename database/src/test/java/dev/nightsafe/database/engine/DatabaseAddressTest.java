package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {
    @Test
    void a_sqlite_address_names_a_file() {
        DatabaseAddress address = DatabaseAddress.parse("sqlite:/var/lib/night safe/console.db");
        assertThat(address).isEqualTo(new DatabaseAddress.Sqlite(Path.of("/var/lib/night safe/console.db")));
        assertThat(address.engine()).isEqualTo(Engine.SQLITE);
        assertThat(address).hasToString("sqlite:/var/lib/night safe/console.db");
    }

    @Test
    void a_postgresql_address_is_decoded_part_by_part() {
        assertThat(
                        DatabaseAddress.parse(
                                "postgresql://us%3Aer:p%40ss%2Fw+rd:%25@db.example:6543/night?sslmode=verify-full&connectTimeout=3"))
                .isEqualTo(new DatabaseAddress.Postgresql(
                        "db.example",
                        6543,
                        "night",
                        "us:er",
                        "p@ss/w+rd:%",
                        Map.of("sslmode", "verify-full", "connectTimeout", "3")));
        assertThat(DatabaseAddress.parse("postgresql://user@[::1]/night"))
                .isEqualTo(new DatabaseAddress.Postgresql("[::1]", 5432, "night", "user", "", Map.of()));
    }

    @Test
    void a_password_is_never_shown() {
        assertThat(DatabaseAddress.parse("postgresql://user:hunter2@db.example/night"))
                .hasToString("postgresql://user@db.example:5432/night");
    }

    @Test
    void a_password_stands_alone_in_a_private_file(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("pass word"), "hunter2 ä\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String address = "postgresql://user@db.example/night?sslmode=require&password-file="
                + file.toString().replace(" ", "%20");
        assertThat(DatabaseAddress.parse(address))
                .isEqualTo(new DatabaseAddress.Postgresql(
                        "db.example", 5432, "night", "user", "hunter2 ä", Map.of("sslmode", "require")));

        assertThatThrownBy(() -> DatabaseAddress.parse(address.replace("user@", "user:x@")))
                .hasMessageContaining("not both");
        assertThatThrownBy(() -> DatabaseAddress.parse("postgresql://user@db.example/night?password-file=here"))
                .hasMessageContaining("an absolute path");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> DatabaseAddress.parse(address))
                .hasMessageContaining("chmod 600 " + file)
                .hasMessageNotContaining("hunter2");
        Files.delete(file);
        assertThatThrownBy(() -> DatabaseAddress.parse(address)).hasMessageContaining(file + " does not exist");
    }

    @Test
    void a_setting_that_is_wrong_or_shows_a_password_is_named_and_not_repeated(@TempDir Path home) throws IOException {
        settings(home, "database: mysql://user:hunter2@host/db\n", "rw-------");
        assertThatThrownBy(() -> setting(home))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("setting 'database': a database's address starts with")
                .hasMessageNotContaining("hunter2");
        settings(home, "database: postgresql://user:hunter2@host/db\n", "rw-r--r--");
        assertThatThrownBy(() -> setting(home))
                .hasMessageContaining("'database' has a password")
                .hasMessageNotContaining("hunter2");
        settings(home, "database: postgresql://user:hunter2@host/db\n", "rw-------");
        assertThat(setting(home)).hasToString("postgresql://user@host:5432/db");
        settings(home, "database: postgresql://user@host/db\n", "rw-r--r--");
        assertThat(setting(home)).hasToString("postgresql://user@host:5432/db");
        assertThatThrownBy(() -> setting(home, "--database=postgresql://user:hunter2@host/db"))
                .hasMessageContaining("can see a command's arguments")
                .hasMessageNotContaining("hunter2");
    }

    private static DatabaseAddress setting(Path home, String... arguments) {
        return DatabaseAddress.of(
                Settings.load("keeper", Map.of("database", ""), Map.of("NIGHTSAFE_HOME", home.toString()), arguments),
                "database");
    }

    private static void settings(Path home, String text, String mode) throws IOException {
        Path file = Files.writeString(home.resolve("keeper.yaml"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sqlite:",
                "sqlite::memory:",
                "sqlite:file:/x.db",
                "sqlite:/x.db?synchronous=OFF",
                "mysql://user:hunter2@host/db",
                "jdbc:postgresql://user:hunter2@host/db",
                "postgresql://host/db",
                "postgresql://user:hunter2@host",
                "postgresql://user:hunter2@host/",
                "postgresql://user:hunter2@host/a/b",
                "postgresql://user:hunter2@host:port/db",
                "postgresql://user:hunter2@one,two/db",
                "postgresql://user:hunter2 @host/db",
                "postgresql://user:hunter2%zz@host/db",
                "postgresql://user:hunter2@host/db?socketFactory=x",
                "postgresql://user:hunter2@host/db?options=-c%20fsync%3Doff",
                "postgresql://user:hunter2@host/db?sslmode"
            })
    void anything_else_is_refused_without_repeating_it(String address) {
        assertThatThrownBy(() -> DatabaseAddress.parse(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("hunter2");
    }
}
