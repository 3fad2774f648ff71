package dev.nightsafe.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes out besides results, from real programs. */
@Tag("slow")
class ReportTest {
    private static final Path SCHEMA = Path.of("..", "..", "spec", "report.schema.json");

    @Test
    void a_report_goes_out_with_the_result_or_the_error() throws IOException {
        try (FakeRunner worker = new FakeRunner(Map.of(), "Various").ready()) {
            for (boolean fails : List.of(false, true)) {
                Map<String, @Nullable Object> answer = worker.ask("report", fails);
                assertThat(answer.get("error") != null).isEqualTo(fails);
                assertThat(schemaErrors(answer.get("report"))).isEmpty();
                assertThat(answer.get("report")).isEqualTo(JsonText.read("""
                        {"summary": "2 of 3 disks have room", "exit_code": 2,
                         "issues": [{"severity": 1, "title": "disk full", "affected": "db-1", "expected": "20 % free",
                                     "actual": "0 %", "next_steps": ["prune logs"]},
                                    {"severity": 4, "title": "odd\\\\udcff name"}],
                         "steps": [{"name": "connect", "outcome": "passed"},
                                   {"name": "write", "outcome": "failed", "note": "no space left"},
                                   {"name": "verify", "outcome": "skipped"}],
                         "entries": [{"name": "free", "value": "0.5"}, {"text": "first line\\nsecond line"}],
                         "next_steps": ["look at db-1"]}
                        """.getBytes(StandardCharsets.UTF_8)));
            }
            assertThat(worker.ask("thread", null)).doesNotContainKey("report");
        }
    }

    @Test
    void a_report_that_is_too_much_is_cut_to_what_fits_and_says_how_much_is_missing() throws IOException {
        try (FakeRunner worker = new FakeRunner(Map.of(), "Various").ready()) {
            for (String character : List.of("x", "\ud834\udd1e", "\udcff")) {
                Map<?, ?> report = (Map<?, ?>)
                        Objects.requireNonNull(worker.ask("flood", character).get("report"));
                assertThat(schemaErrors(report)).isEmpty();
                assertThat(JsonText.write(report)).hasSizeBetween(150_000, Report.MOST_BYTES);
                long kept = Stream.of("issues", "steps", "entries", "next_steps")
                        .mapToLong(name -> report.get(name) instanceof List<?> list ? list.size() : 0)
                        .sum();
                assertThat(report.get("left_out")).isEqualTo(2550 - kept);
                assertThat(String.valueOf(report.get("summary"))).endsWith("…");
            }
        }
    }

    @Test
    void progress_comes_before_its_answer_with_the_newest_last() {
        try (FakeRunner worker = new FakeRunner(Map.of(), "Various").ready()) {
            for (int i = 0; i < 3; i++) {
                worker.progress.clear();
                assertThat(worker.result("busy", null)).isEqualTo("done");
                assertThat(worker.progress).hasSizeLessThan(1000).last().isEqualTo("last");
            }
        }
    }

    @Test
    void a_severity_that_there_is_not_is_refused() {
        assertThatThrownBy(() -> Issue.of(0, "t")).hasMessageContaining("severity is 1");
        assertThatThrownBy(() -> Issue.of(5, "t")).hasMessageContaining("severity is 1");
    }

    private static List<?> schemaErrors(@Nullable Object report) throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMA));
        return schema.validate(new String(JsonText.write(report), StandardCharsets.UTF_8), InputFormat.JSON);
    }
}
