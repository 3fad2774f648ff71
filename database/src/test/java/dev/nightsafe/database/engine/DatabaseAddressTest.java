package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
