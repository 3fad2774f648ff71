package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command as the shell starts it. */
class HelpTest {
    @Test
    void each_part_is_explained_before_anything_is_set_up() {
        try (Installation nightsafe = Installation.withDefaultPorts()) {
            for (List<String> part : List.of(List.of("console"), List.of("keeper"), List.of("runner", "start"))) {
                for (String help : List.of("--help", "-h")) {
                    List<String> words = new ArrayList<>(part);
                    words.add(help);
                    Installation.Outcome outcome = nightsafe.attempt(new byte[0], words.toArray(String[]::new));
                    assertThat(outcome.exitCode()).as(words.toString()).isZero();
                    assertThat(outcome.text()).contains("Usage: nightsafe " + String.join(" ", part));
                }
            }
            assertThat(nightsafe.home).isEmptyDirectory();
        }
    }
}
