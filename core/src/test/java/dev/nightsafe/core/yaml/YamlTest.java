package dev.nightsafe.core.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.yaml.YamlNode.Mapping;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class YamlTest {
    private final Faults faults = new Faults();

    @Test
    void scalars_have_the_types_of_yaml_1_2() {
        assertThat(
                        plain(
                                "[1, -0, 0x1F, 0o17, 1.5, 1e3, true, FALSE, null, ~, yes, 1_000, 2026-01-01, 010, '1', \"true\"]"))
                .contains(Arrays.asList(
                        1L,
                        0L,
                        31L,
                        15L,
                        1.5,
                        1000.0,
                        true,
                        false,
                        null,
                        null,
                        "yes",
                        "1_000",
                        "2026-01-01",
                        10L,
                        "1",
                        "true"));
    }

    @Test
    void every_part_knows_where_it_stands() {
        Mapping mapping = (Mapping) read("a:\n  ü: 1\n  b: [x,\n    y]\n").orElseThrow();
        assertThat(mapping.find("a").orElseThrow().at()).hasToString("f:1:1");
        Mapping inner = (Mapping) mapping.find("a").orElseThrow().value();
        assertThat(inner.find("ü").orElseThrow().value().at()).hasToString("f:2:6");
        YamlNode.Sequence list =
                (YamlNode.Sequence) inner.find("b").orElseThrow().value();
        assertThat(list.items().get(1).at()).hasToString("f:4:5");
    }

    @Test
    void a_merge_key_brings_fields_that_are_not_there_yet() {
        assertThat(plain("[&a {x: 1, y: 2}, {<<: *a, y: 3}, {z: 0, <<: [*a, {z: 4, w: 5}]}, {'<<': 6}]"))
                .contains(List.of(
                        Map.of("x", 1L, "y", 2L),
                        Map.of("x", 1L, "y", 3L),
                        Map.of("x", 1L, "y", 2L, "z", 0L, "w", 5L),
                        Map.of("<<", 6L)));
        assertThat(faults.isEmpty()).isTrue();
    }

    @Test
    void an_empty_document_is_no_fault() {
        assertThat(read("")).isEmpty();
        assertThat(read("# only a comment\n")).isEmpty();
        assertThat(faults.isEmpty()).isTrue();
    }

    @Test
    void a_scalar_does_not_show_its_text_when_it_is_logged() {
        assertThat(read("[s3cret, {k: s3cret}]").orElseThrow().toString()).doesNotContain("s3cret");
    }

    @Test
    void no_fault_repeats_a_value_of_the_file() {
        for (String text : List.of(
                "a: s3cret: b",
                "a: \"s3cret",
                "a: 's3cret\n",
                "[s3cret",
                "a: *s3cret",
                "a: @s3cret",
                "a: `s3cret",
                "a: \"\\s3cret\"",
                "a: !s3cret b",
                "a: s3cret\n b: c",
                "- s3cret\na: b",
                "%s3cret",
                "a: |s3cret\n",
                "a: 1\n\tb: s3cret",
                "s3cret",
                "{s3cret",
                "a: s3cret\u0001",
                "a: {<<: s3cret}",
                "? {a: s3cret}\n: 1")) {
            Faults found = new Faults();
            Yaml.read("f", text, found);
            assertThat(found.text()).as(text).doesNotContain("s3cret");
        }
    }

    @Test
    void names_in_faults_are_cut_and_show_only_visible_ascii() {
        assertThat(Faults.quoted("a\u0430\n😀")).isEqualTo("'a\\u{430}\\u{a}\\u{1f600}'");
        assertThat(Faults.quoted("x".repeat(65))).isEqualTo("'" + "x".repeat(64) + "…'");
    }

    private Optional<YamlNode> read(String text) {
        return Yaml.read("f", text, faults);
    }

    private Optional<Object> plain(String text) {
        return read(text).map(YamlNode::plain);
    }
}
