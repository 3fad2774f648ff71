package dev.nightsafe.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
    @Test
    void keys_are_sorted_by_utf16_units_as_in_rfc_8785() {
        Map<String, Object> map = Map.of(
                "\u20ac", "Euro Sign",
                "\r", "Carriage Return",
                "\ufb33", "Hebrew Letter Dalet With Dagesh",
                "1", "One",
                "\ud83d\ude00", "Emoji: Grinning Face",
                "\u0080", "Control",
                "\u00f6", "Latin Small Letter O With Diaeresis");
        assertThat(CanonicalJson.write(map))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                        + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void text_has_the_shortest_escapes_as_in_rfc_8785() {
        assertThat(CanonicalJson.write("\u20ac$\u000f\nA'B\"\\\\\"/\b\f\t\u007f"))
                .isEqualTo("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\f\\t\u007f\"");
    }

    @Test
    void values_have_no_spaces_between_them() {
        assertThat(CanonicalJson.write(Map.of("b", List.of(1, 2L, true, "x"), "a", Map.of())))
                .isEqualTo("{\"a\":{},\"b\":[1,2,true,\"x\"]}");
    }

    @Test
    void what_has_no_one_form_is_refused() {
        for (Object bad : List.of(1.5, 1L << 53, -(1L << 53), "\ud83d", "\ude00a", "a\ud83d\ud83d", new Object())) {
            assertThatThrownBy(() -> CanonicalJson.write(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
