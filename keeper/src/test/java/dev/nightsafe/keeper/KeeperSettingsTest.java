package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.database.engine.DatabaseAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeeperSettingsTest {
    @Test
    void on_sqlite_each_owner_has_a_file() {
        KeeperSettings settings = KeeperSettings.load(Map.of("NIGHTSAFE_HOME", "/n"));
        assertThat(settings.database()).isEqualTo(sqlite("/n/keeper/keeper.db"));
        assertThat(settings.keysDatabase()).isEqualTo(sqlite("/n/keeper/keys.db"));
        assertThat(settings.consoleDatabase()).isEqualTo(sqlite("/n/console/console.db"));
    }

    @Test
    void on_postgresql_one_setting_is_enough() {
        KeeperSettings settings = KeeperSettings.load(
                Map.of("NIGHTSAFE_HOME", "/n", "NIGHTSAFE_KEEPER_DATABASE", "postgresql://keeper:x@db/night"));
        assertThat(settings.database()).hasToString("postgresql://keeper@db:5432/night");
        assertThat(settings.keysDatabase()).isEqualTo(settings.database());
        assertThat(settings.consoleDatabase()).isEqualTo(settings.database());
    }

    @Test
    void keys_can_be_kept_elsewhere() {
        KeeperSettings settings = KeeperSettings.load(
                Map.of("NIGHTSAFE_HOME", "/n", "NIGHTSAFE_KEEPER_DATABASE", "postgresql://keeper:x@db/night"),
                "--keys-database=sqlite:/keys/keys.db",
                "--console-database=postgresql://reader@other/night");
        assertThat(settings.keysDatabase()).isEqualTo(sqlite("/keys/keys.db"));
        assertThat(settings.consoleDatabase()).hasToString("postgresql://reader@other:5432/night");
    }

    private static DatabaseAddress sqlite(String file) {
        return new DatabaseAddress.Sqlite(Path.of(file));
    }
}
