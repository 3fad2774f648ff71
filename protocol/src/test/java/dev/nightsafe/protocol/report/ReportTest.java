package dev.nightsafe.protocol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reports that fit and reports that don't, by our reader and by the schema. */
class ReportTest {
    private static final Path SPEC = Path.of("..", "spec");
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(file("report.schema.json"));

    record Case(JsonNode report, JsonNode problem) {
        @Override
        public String toString() {
            return problem.asString("fits");
        }
    }

    static Stream<Case> cases() {
        return file("report-cases.jsonl").lines().map(line -> {
            JsonNode each = json(line);
            return new Case(each.get("report"), each.get("problem"));
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_reader_and_the_schema_agree(Case each) {
        if (each.problem().isNull()) {
            assertThat(Reports.fitting(each.report())).isSameAs(each.report());
            assertThat(SCHEMA.validate(each.report())).isEmpty();
        } else {
            assertThatThrownBy(() -> Report.read(each.report()))
                    .isInstanceOf(UnfitReport.class)
                    .hasMessage(each.problem().asString());
            assertThat(SCHEMA.validate(each.report())).isNotEmpty();
        }
    }

    @Test
    void a_report_is_read_whole() {
        Report report = Report.read(cases().toList().get(1).report());
        assertThat(report.summary()).isEqualTo("2 of 3 disks have room");
        assertThat(report.issues().getFirst())
                .isEqualTo(new Report.Issue(1, "disk full", "db-1", "20 % free", "0 %", List.of("prune logs")));
        assertThat(report.issues()).extracting(Report.Issue::severityName).containsExactly("critical", "low");
        assertThat(report.steps().get(1)).isEqualTo(new Report.Step("write", "failed", "no space left"));
        assertThat(report.entries())
                .containsExactly(
                        new Report.Entry.Named("free", "0 %"), new Report.Entry.Lines("first line\nsecond line"));
        assertThat(report.nextSteps()).containsExactly("look at db-1");
        assertThat(report.exitCode()).isEqualTo(2);
        assertThat(report.leftOut()).isEqualTo(3);
    }

    @Test
    void in_place_of_a_report_that_does_not_fit_there_is_one_that_says_why_and_nothing_of_it() {
        JsonNode unfit = json("{\"summary\":\"SECRET\",\"SECRET\":\"SECRET\"}");
        JsonNode instead = Objects.requireNonNull(Reports.fitting(unfit));
        assertThat(Report.read(instead).issues().getFirst().actual()).startsWith("the report has a name");
        assertThat(instead.toString()).doesNotContain("SECRET");
        assertThat(SCHEMA.validate(instead)).isEmpty();
    }

    @Test
    void a_report_of_more_than_256_kib_does_not_fit() {
        ObjectNode report = Json.MAPPER.createObjectNode();
        ArrayNode entries = report.putArray("entries");
        for (int i = 0; i < 26; i++) {
            entries.addObject().put("text", "x".repeat(10_000));
        }
        assertThat(Reports.fitting(report)).isSameAs(report);
        entries.addObject().put("text", "x".repeat(10_000));
        assertThatThrownBy(() -> Report.read(report)).hasMessage("the report has more than 256 KiB");
    }

    @Test
    void a_text_that_is_not_unicode_does_not_fit() {
        assertThatThrownBy(() -> Report.read(json("{\"summary\":\"\\ud800\"}")))
                .hasMessage("summary has a lone surrogate, which isn't Unicode");
    }

    @Test
    void no_report_is_none() {
        assertThat(Reports.fitting(null)).isNull();
        assertThat(Reports.fitting(Json.MAPPER.nullNode())).isNull();
    }

    private static JsonNode json(String text) {
        return Json.readTree(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String file(String name) {
        try {
            return Files.readString(SPEC.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
