package dev.nightsafe.runner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SanitizeRuleTest {
    @TempDir
    Path folder;

    @Test
    void personal_data_is_found_and_what_stands_around_it_stays() {
        assertThat(apply("email", "mail anna.o'neil+x@mail.example.com, or root@localhost."))
                .isEqualTo("mail [email], or [email].");
        assertThat(apply("card", "paid with 4111 1111 1111 1111 12 times, or 5500-0000-0000-0004"))
                .isEqualTo("paid with [card] 12 times, or [card]");
        assertThat(apply("iban", "to DE89 3704 0044 0532 0130 00 and gb29nwbk60161331926819."))
                .isEqualTo("to [iban] and [iban].");
        for (String number :
                List.of("+49 30 123456-78", "0049301234567", "030 1234567", "(555) 123-4567", "+1 555 123 4567")) {
            assertThat(apply("phone", "call " + number + " now")).as(number).isEqualTo("call [phone] now");
        }
    }

    @Test
    void what_only_looks_like_it_stays() {
        assertThat(apply("card", "4111111111111112, 1234, 2026-11-22T10:00:00Z"))
                .doesNotContain("[card]");
        assertThat(apply("iban", "DE89 3704 0044 0532 0130 01")).doesNotContain("[iban]");
        assertThat(apply("phone", "2026-11-22T10:00:00.125Z, 10.0.0.1:7600, 4711, 1234567890123"))
                .doesNotContain("[phone]");
        assertThat(apply("email", "a @ b, @decorator, x@")).doesNotContain("[email]");
    }

    @Test
    void a_pattern_that_would_take_for_ever_elsewhere_takes_no_time() throws IOException {
        SanitizeRule rule =
                read("- {name: slow, pattern: '(a+)+(a|aa)+$', replace: x}").getFirst();
        String text = "a".repeat(20_000) + "!";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThat(rule.apply(text)).isEqualTo(text));
    }

    @Test
    void a_replacement_is_put_there_as_it_is() throws IOException {
        assertThat(read("- {name: t, pattern: 'T-([0-9]+)', replace: '$1\\'}")
                        .getFirst()
                        .apply("see T-12."))
                .isEqualTo("see $1\\.");
        assertThat(read("- {name: t, pattern: 'T-[0-9]+'}").getFirst().apply("T-1 T-2"))
                .isEqualTo("[t] [t]");
    }

    @Test
    void a_rule_that_is_none_stops_the_start_and_names_its_line() {
        Map<String, String> wrong = Map.of(
                "- e-mail",
                "there are email, phone, card, iban",
                "- {name: back, pattern: '(a)\\1'}",
                "rule 'back' has no pattern of RE2",
                "- {name: open, pattern: '('}",
                "rule 'open' has no pattern of RE2",
                "- {name: everywhere, pattern: 'a*'}",
                "matches the empty text",
                "- {pattern: a}",
                "needs a name",
                "- {name: none}",
                "rule 'none' needs a pattern",
                "- {name: long, pattern: '" + "a".repeat(1001) + "'}",
                "more than 1000",
                "- {name: a, pattern: a, colour: b}",
                "'colour'");
        wrong.forEach((rule, problem) -> assertThatThrownBy(() -> read(rule))
                .hasMessageContaining(problem)
                .hasMessageContaining("runner.yaml:4:"));
    }

    private static String apply(String name, String text) {
        return SanitizeRule.BUILT_IN.stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElseThrow()
                .apply(text);
    }

    private List<SanitizeRule> read(String rule) throws IOException {
        Path file = Files.writeString(
                folder.resolve("runner.yaml"),
                "keeper: https://k\nallow: {git: [], queues: []}\nsanitize:\n  " + rule + "\n");
        return RunnerConfig.read(file, Map.of("NIGHTSAFE_HOME", folder.toString()))
                .sanitize();
    }
}
