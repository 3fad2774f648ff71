package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class KnownValuesTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private long now;
    private final KnownValues known = new KnownValues();

    @Test
    void a_value_is_masked_until_the_last_that_holds_it_is_forgotten() {
        Redactor one = known.learn(RedactedLinesTest.redactor("correct-horse"));
        Redactor other = known.learn(RedactedLinesTest.redactor("correct-horse"));
        known.forget(one);
        assertThat(known.clean("a correct-horse")).isEqualTo("a ********");
        known.forget(other);
        assertThat(known.clean("a correct-horse")).isEqualTo("a correct-horse");
    }

    @Test
    void the_values_of_all_workers_are_masked_at_once() {
        known.learn(RedactedLinesTest.redactor("correct-horse"));
        known.learn(RedactedLinesTest.redactor("battery-staple"));
        assertThat(known.clean("correct-horsebattery-staple, battery-staple")).isEqualTo("********, ********");
        assertThat(String.valueOf(known.clean(json("{\"a\": [\"correct-\\u0068orse\", 1]}"))))
                .isEqualTo("{\"a\":[\"********\",1]}");
    }

    @Test
    void a_value_across_the_structure_is_refused() {
        known.learn(RedactedLinesTest.redactor("\"user\": \"root\""));
        assertThatThrownBy(() -> known.clean(json("{\"user\": \"root\"}")))
                .isInstanceOf(NightsafeException.class)
                .hasMessageContaining("can't be redacted")
                .hasMessageNotContaining("root");
    }

    @Test
    void what_a_worker_may_still_have_is_never_forgotten_however_much_comes_after_it() {
        Redactor redactor = redactor("correct-horse");
        for (int i = 1; i < 8; i++) {
            learn(redactor, "next-value-" + i);
        }
        now += 10 * MINUTE;
        assertThatThrownBy(() -> learn(redactor, "one-too-many"))
                .isInstanceOf(NightsafeException.class)
                .hasMessageNotContaining("one-too-many");
        learn(redactor, "next-value-7");
        assertThat(known.clean("correct-horse next-value-1 next-value-7")).isEqualTo("******** ******** ********");

        redactor.keepNewest();
        now += 5 * MINUTE;
        learn(redactor, "one-too-many");
        assertThat(known.clean("correct-horse next-value-1 one-too-many")).isEqualTo("correct-horse ******** ********");
    }

    @Test
    void what_was_replaced_is_kept_for_minutes_since_an_idle_program_may_have_copied_it() {
        Redactor redactor = redactor("correct-horse");
        for (int i = 1; i < 8; i++) {
            learn(redactor, "next-value-" + i);
            redactor.keepNewest();
            now += MINUTE / 2;
        }
        assertThatThrownBy(() -> learn(redactor, "one-too-many"))
                .isInstanceOf(NightsafeException.class)
                .hasMessageContaining("5 minutes");
        assertThat(known.clean("correct-horse")).isEqualTo("********");
        now += 3 * MINUTE / 2;
        learn(redactor, "one-too-many");
        assertThat(known.clean("correct-horse next-value-1 one-too-many")).isEqualTo("correct-horse ******** ********");
        assertThatThrownBy(() -> learn(redactor, "two-too-many")).isInstanceOf(NightsafeException.class);
    }

    @Test
    void what_comes_back_counts_from_when_it_is_replaced_again() {
        Redactor redactor = redactor("correct-horse");
        learn(redactor, "battery-staple");
        redactor.keepNewest();
        learn(redactor, "correct-horse");
        redactor.keepNewest();
        for (int i = 1; i < 7; i++) {
            learn(redactor, "next-value-" + i);
        }
        now += 5 * MINUTE;
        learn(redactor, "next-value-7");
        assertThatThrownBy(() -> learn(redactor, "one-too-many")).isInstanceOf(NightsafeException.class);
        assertThat(known.clean("battery-staple correct-horse")).isEqualTo("battery-staple ********");
    }

    private Redactor redactor(String value) {
        try (SecretBytes secret = SecretBytes.takeFrom(value.getBytes(StandardCharsets.UTF_8))) {
            return known.learn(Redactor.of(List.of(secret), () -> now));
        }
    }

    private void learn(Redactor redactor, String value) {
        try (SecretBytes secret = SecretBytes.takeFrom(value.getBytes(StandardCharsets.UTF_8))) {
            known.learn(redactor, List.of(secret));
        }
    }

    @Test
    void a_closed_redactor_lets_nothing_pass() {
        Redactor redactor = RedactedLinesTest.redactor("correct-horse");
        redactor.close();
        assertThatThrownBy(() -> redactor.redact("text")).isInstanceOf(IllegalStateException.class);
    }

    private static JsonNode json(String text) {
        return Json.readTree(text.getBytes(StandardCharsets.UTF_8));
    }
}
