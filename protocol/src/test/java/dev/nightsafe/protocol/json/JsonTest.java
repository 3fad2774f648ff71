package dev.nightsafe.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void json_over_a_budget_is_told_apart_from_what_is_no_json() {
        for (String text : List.of("[".repeat(5000) + "]".repeat(5000), "{\"a\":".repeat(5000), "9".repeat(2000))) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessage(Json.OVER_LIMIT);
        }
        for (String text : List.of("[", "canary", "{\"a\":1,\"a\":2}", "1 canary", "NaN")) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessageContaining("not the JSON that was expected")
                    .message()
                    .doesNotContain("canary");
        }
    }

    @Test
    void a_number_that_no_decimal_can_be_is_refused() {
        for (String text : List.of("1e9999999999", "[{\"a\": -1.5E-9999999999}]")) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessage(Json.OUT_OF_RANGE);
        }
    }

    @Test
    void no_json_at_all_is_not_taken_for_null() {
        for (String text : List.of("", " ", "\n")) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessageContaining("empty");
        }
        assertThat(read("null")).hasToString("null");
    }

    @Test
    void numbers_keep_their_digits() {
        for (String number : List.of("0.10", "1E+400", "123456789012345678901234567890")) {
            assertThat(new String(Json.write(read(number)), StandardCharsets.UTF_8))
                    .isEqualTo(number);
        }
    }

    private static Object read(String text) {
        return Json.readTree(text.getBytes(StandardCharsets.UTF_8));
    }
}
