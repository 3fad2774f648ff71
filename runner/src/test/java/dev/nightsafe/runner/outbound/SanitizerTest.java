package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.runner.local.SanitizeRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SanitizerTest {
    private final KnownValues known = new KnownValues();
    private final Cleaning plain = new Cleaning(known, new Sanitizer(List.of()));
    private final Cleaning ruled = new Cleaning(known, new Sanitizer(SanitizeRule.BUILT_IN));

    @Test
    void what_steers_a_terminal_does_not_leave() {
        assertThat(
                        plain.text(
                                "\u001b[31mred\u001b[0m \u001b]0;title\u0007x\u001b]8;;http://evil\u001b\\link\u001b(B\u001bc\u009b2J"))
                .isEqualTo("red xlink");
        assertThat(plain.text("bell\u0007 nul\u0000 \u202eright\u2066 \u007f\u0085end\u001b"))
                .isEqualTo("bell nul right \nend");
        assertThat(plain.text("one\r\ntwo\rthree\u2028four\tfive ä 😀")).isEqualTo("one\ntwo\nthree\nfour\tfive ä 😀");
        assertThat(plain.text("unfinished \u001b]0;the rest stays")).isEqualTo("unfinished 0;the rest stays");
    }

    @Test
    void a_result_stays_exactly_what_was_returned() {
        JsonNode result = json("{\"a\\u001b[0m\": [\"\\u0000\\u202e\", null, true, 12345678901234567890, 1.10]}");
        assertThat(plain.data(result)).isEqualTo(result);
        assertThat(ruled.data(result)).isEqualTo(result);
    }

    @Test
    void rules_reach_names_texts_and_whole_numbers_of_a_result() {
        assertThat(ruled.data(json("{\"a@b.example\": 4111111111111111, \"c@d.example\": [\"x@y.example\", 1.5]}")))
                .isEqualTo(json("{\"[email]\": \"[card]\", \"[email] (2)\": [\"[email]\", 1.5]}"));
    }

    @Test
    void a_report_keeps_its_numbers_whatever_a_rule_finds() {
        JsonNode report =
                json("{\"exit_code\": 1, \"issues\": [{\"severity\": 1, \"title\": \"x@y.example\\u0007\"}]}");
        assertThat(ruled.texts(report))
                .isEqualTo(json("{\"exit_code\": 1, \"issues\": [{\"severity\": 1, \"title\": \"[email]\"}]}"));
    }

    @Test
    void a_value_that_control_characters_broke_up_is_masked() {
        known.learn(RedactedLinesTest.redactor("correct-horse"));
        assertThat(plain.text("it is corr\u0007ect-ho\u001b[0mrse")).isEqualTo("it is ********");
    }

    @Test
    void a_rule_that_finds_a_part_of_a_value_does_not_save_the_rest() {
        known.learn(RedactedLinesTest.redactor("token-of-root@example.com-9f8e7d"));
        assertThat(ruled.text("token-of-root@example.com-9f8e7d")).isEqualTo("********");
        assertThat(String.valueOf(ruled.data(json("[\"token-of-root@example.com-9f8e7d\"]"))))
                .isEqualTo("[\"********\"]");
    }

    private static JsonNode json(String text) {
        return Json.readTree(text.getBytes(StandardCharsets.UTF_8));
    }
}
