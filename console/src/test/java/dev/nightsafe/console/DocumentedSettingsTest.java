package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.console.platform.ConsoleSettings;
import dev.nightsafe.core.config.Settings;
import dev.nightsafe.testkit.MarkdownTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code docs/operating.md} has each setting of the console, with its variable and its default, and no other. */
class DocumentedSettingsTest {
    private static final Map<String, List<String>> TABLE = MarkdownTable.under("docs/operating.md", "### console.yaml");

    @Test
    void every_setting_is_documented_with_its_default_and_no_other() {
        assertThat(TABLE.keySet()).containsExactlyInAnyOrderElementsOf(ConsoleSettings.DEFAULTS.keySet());
        TABLE.forEach((name, cells) -> assertThat(cells.get(1)).as(name).isEqualTo(ConsoleSettings.DEFAULTS.get(name)));
    }

    @Test
    void the_variable_of_each_row_gives_that_setting() {
        TABLE.forEach((name, cells) -> {
            Map<String, String> environment = Map.of("NIGHTSAFE_HOME", "/nowhere", cells.getFirst(), "given");
            Settings settings = Settings.load("console", ConsoleSettings.DEFAULTS, environment);
            assertThat(settings.find(name)).as(cells.getFirst()).contains("given");
        });
    }
}
