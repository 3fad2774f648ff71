package dev.nightsafe.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From JSON to a handler's class, and to JSON again. */
class PayloadTest {
    enum Size {
        SMALL,
        LARGE
    }

    record Node(String name, List<Node> children) {}

    record All(
            String text,
            boolean truth,
            int small,
            long large,
            double binary,
            BigInteger whole,
            BigDecimal decimal,
            Size size,
            List<Integer> list,
            Map<String, Node> map,
            Optional<Size> maybe,
            @Nullable Integer nullable,
            @Nullable Object any) {}

    record Broken(List<Set<String>> sets) {}

    private static final String ALL = """
            {"text": "ä", "truth": true, "small": -2147483648, "large": 9223372036854775807, "binary": 1,
             "whole": 1e0, "decimal": 1.10, "size": "LARGE", "list": [1, 2], "map": {"a": {"name": "n", "children": []}},
             "maybe": "SMALL", "nullable": null, "any": [null]}
            """.replace("1e0", "123456789012345678901234567890");

    @Test
    void a_record_gets_what_its_components_say() {
        assertThat(made(All.class, ALL))
                .isEqualTo(new All(
                        "ä",
                        true,
                        Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        1.0,
                        new BigInteger("123456789012345678901234567890"),
                        new BigDecimal("1.10"),
                        Size.LARGE,
                        List.of(1, 2),
                        Map.of("a", new Node("n", List.of())),
                        Optional.of(Size.SMALL),
                        null,
                        java.util.Collections.singletonList(null)));
    }

    @Test
    void what_may_be_missing_may_be_missing() {
        All all = (All) Objects.requireNonNull(made(
                All.class, ALL.replace("\"maybe\": \"SMALL\", \"nullable\": null, \"any\": [null]", "\"any\": 1")));
        assertThat(all.maybe()).isEmpty();
        assertThat(all.nullable()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "text": "ä"        | "text": 5                | payload.text must be a text, not a whole number
            "text": "ä"        | "text": null             | payload.text must be a text, not null
            "truth": true      | "truth": "true"          | payload.truth must be true or false, not a text
            "small": -2147483648 | "small": 2147483648    | payload.small must be a whole number of 32 bits
            "small": -2147483648 | "small": 1.5           | payload.small must be a whole number, not a number
            "large": 9223372036854775807 | "large": 9223372036854775808 | payload.large must be a whole number of 64 bits
            "binary": 1        | "binary": 1e999          | payload.binary must be a number, not one that is too large
            "size": "LARGE"    | "size": "large"          | payload.size must be one of SMALL, LARGE
            "list": [1, 2]     | "list": [1, true]        | payload.list[1] must be a whole number, not true or false
            "list": [1, 2]     | "list": {}               | payload.list must be a list, not an object
            "name": "n"        | "name": []               | payload.map.a.name must be a text, not a list
            "name": "n"        | "nam": "SECRET"          | payload.map.a has the unknown field 'nam'; known are: name, children
            "truth": true,     | ``                       | payload.truth is missing
            "any": [null]      | "more": 1                | payload has the unknown field 'more'; known are: text, truth, small, large, binary, whole, decimal, size, list, map, maybe, nullable, any
            """)
    void what_does_not_fit_is_an_error_that_names_the_place(String there, @Nullable String instead, String error) {
        assertThat(ALL).contains(there);
        assertThatThrownBy(() -> made(All.class, ALL.replace(there, instead == null ? "" : instead)))
                .isInstanceOf(PayloadException.class)
                .hasMessage(error);
    }

    @Test
    void a_class_that_json_can_not_fill_is_refused_before_the_first_task() {
        assertThatThrownBy(() -> Payloads.converterFor(Broken.class))
                .isInstanceOf(ProgramException.class)
                .hasMessage(
                        "Broken.sets has the type java.util.Set<java.lang.String>, which can't be filled from JSON");
        assertThatThrownBy(() -> Payloads.converterFor(Thread.class)).hasMessageContaining("Thread has the type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "0",
                "-1",
                "1234",
                "1.10",
                "-0.0",
                "1E+300",
                "123456789012345678901234567890",
                "\"\"",
                "\"ä€𝄞\u2028\\u0000 \\\"\\\\\\n\"",
                "[]",
                "{}",
                "[[],[null,{\"a\":{\"b\":[true]}}]]",
                "{\"\":1,\"ä\":2}"
            })
    void a_value_comes_back_exactly(String json) {
        assertThat(new String(JsonText.write(Results.toJson(made(Object.class, json))), StandardCharsets.UTF_8))
                .isEqualTo(json);
    }

    @Test
    void results_are_what_json_holds_exactly() {
        assertThat(json(new Node("n", List.of()))).isEqualTo("{\"name\":\"n\",\"children\":[]}");
        assertThat(json(new Object[] {Size.SMALL, Optional.of(1), Optional.empty(), 'c', (short) 1, 0.5f}))
                .isEqualTo("[\"SMALL\",1,null,\"c\",1,0.5]");
        assertThat(json(new int[] {1, 2})).isEqualTo("[1,2]");
        assertThat(json(Map.of(2L, "two"))).isEqualTo("{\"2\":\"two\"}");
    }

    @Test
    void a_result_that_json_can_not_hold_is_an_error_naming_place_and_type() {
        assertUnfit(Double.NaN, "result is NaN, which JSON can't hold; return null or a text instead");
        assertUnfit(
                Map.of("a", List.of(1, Set.of())),
                "result.a[1] is of the type java.util.ImmutableCollections$SetN, which JSON can't hold; convert it first");
        assertUnfit(new byte[1], "result is of the type byte[], which JSON can't hold; convert it first");
        assertUnfit("\ud800", "result is a text with a lone surrogate, which isn't Unicode");
        assertUnfit(Map.of(1.5, 1), "result has a key of the type java.lang.Double, not a text");
        List<Object> itself = new java.util.ArrayList<>();
        itself.add(itself);
        assertUnfit(itself, "the result is nested deeper than 60 levels, or holds itself");
    }

    private static void assertUnfit(Object value, String error) {
        assertThatThrownBy(() -> Results.toJson(value))
                .isInstanceOf(ResultException.class)
                .hasMessage(error);
    }

    private static String json(Object value) {
        return new String(JsonText.write(Results.toJson(value)), StandardCharsets.UTF_8);
    }

    private static @Nullable Object made(Class<?> type, String json) {
        return Payloads.converterFor(type).convert(JsonText.read(json.getBytes(StandardCharsets.UTF_8)), "payload");
    }
}
