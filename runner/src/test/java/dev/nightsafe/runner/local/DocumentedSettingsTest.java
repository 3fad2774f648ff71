package dev.nightsafe.runner.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.testkit.MarkdownTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/operating.md} has each field of {@code runner.yaml}, says which must be written, and has no other. */
class DocumentedSettingsTest {
    private static final Map<String, List<String>> TABLE = MarkdownTable.under("docs/operating.md", "### runner.yaml");
    private static final Map<String, String> SMALLEST =
            Map.of("keeper", "https://keeper:1", "allow", "{git: [], queues: []}");

    @TempDir
    Path folder;

    @Test
    void every_field_is_documented_and_no_other() {
        assertThat(TABLE.keySet()).containsExactlyInAnyOrderElementsOf(RunnerConfig.FIELDS);
    }

    @Test
    void what_is_required_is_what_a_file_can_not_do_without() throws IOException {
        List<String> required = new ArrayList<>();
        for (String field : RunnerConfig.FIELDS) {
            Map<String, String> without = new TreeMap<>(SMALLEST);
            without.remove(field);
            try {
                read(without);
            } catch (NightsafeException e) {
                required.add(field);
            }
        }
        assertThat(TABLE.entrySet())
                .filteredOn(row -> row.getValue().getFirst().equals("required"))
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrderElementsOf(required);
    }

    @Test
    void the_defaults_are_those_of_a_file_without_the_field() throws IOException {
        RunnerConfig defaults = read(SMALLEST);
        assertThat(documented("folder").replace("${home}", folder.toString()))
                .isEqualTo(defaults.folder().toString());
        assertThat(documented("workers")).isEqualTo(Integer.toString(defaults.workers()));
        assertThat(documented("ca")).isEmpty();
        assertThat(documented("token-file")).isEmpty();
        assertThat(defaults.ca()).isNull();
        assertThat(defaults.tokenFile()).isNull();
    }

    private static String documented(String field) {
        return Objects.requireNonNull(TABLE.get(field), field).getFirst();
    }

    private RunnerConfig read(Map<String, String> fields) throws IOException {
        StringBuilder text = new StringBuilder();
        fields.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        Path file = Files.writeString(folder.resolve("runner.yaml"), text);
        return RunnerConfig.read(file, Map.of("NIGHTSAFE_HOME", folder.toString()));
    }
}
