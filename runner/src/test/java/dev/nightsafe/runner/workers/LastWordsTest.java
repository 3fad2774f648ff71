package dev.nightsafe.runner.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.runner.outbound.Redactor;
import dev.nightsafe.runner.process.Command;
import dev.nightsafe.runner.process.LaunchFrame;
import dev.nightsafe.runner.process.Spawner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTest {
    private static final String VALUE = "correct-horse-battery-staple";

    @Test
    void a_value_that_a_launcher_prints_is_masked() throws Exception {
        assertThat(saidBy("printf 'no room: " + VALUE + "'; exit 1")).isEqualTo("no room: ********");
    }

    @Test
    void a_value_is_masked_before_what_is_said_is_shortened() throws Exception {
        String said = saidBy("printf '%0190d" + VALUE + "' 0; exit 1");
        assertThat(said).isEqualTo("0".repeat(190) + "********");
    }

    private static String saidBy(String script) throws InterruptedException {
        try (SecretBytes value = SecretBytes.takeFrom(VALUE.getBytes(StandardCharsets.UTF_8));
                Redactor redactor = Redactor.of(List.of(value));
                Spawner spawner = new Spawner(Path.of("/usr/bin/python3"));
                LaunchFrame frame = new LaunchFrame()) {
            LastWords said = new LastWords(redactor);
            frame.argument("/bin/true");
            int exit = Command.run(
                    spawner, List.of("/bin/sh", "-c", script, "launcher"), frame, Duration.ofSeconds(30), said);
            assertThat(exit).isEqualTo(1);
            return said.toString();
        }
    }
}
