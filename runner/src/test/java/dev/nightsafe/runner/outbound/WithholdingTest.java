package dev.nightsafe.runner.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Disclosure.Errors;
import dev.nightsafe.core.queue.Disclosure.Logs;
import dev.nightsafe.core.queue.Disclosure.Results;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi.TaskResult;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WithholdingTest {
    /** Each text says in which field it stands; {@code keep} for those that a summary has. */
    private static final String REPORT = """
            {"summary": "keep summary", "exit_code": 3, "left_out": 2, "next_steps": ["detail of the report"],
             "issues": [{"severity": 2, "title": "keep title", "affected": "detail affected", "expected": "detail expected",
                         "actual": "detail actual", "next_steps": ["detail next"]}],
             "steps": [{"name": "keep name", "outcome": "failed", "note": "detail note"}],
             "entries": [{"name": "detail entry", "value": "detail value"}, {"text": "detail text"}]}
            """;

    @Test
    void a_summary_has_these_fields_and_no_others() {
        TaskResult kept = succeeded(Results.SUMMARY);
        assertThat(kept.result()).isNull();
        assertThat(json(String.valueOf(kept.report()))).isEqualTo(json("""
                {"summary": "keep summary", "issues": [{"severity": 2, "title": "keep title"}],
                 "steps": [{"name": "keep name", "outcome": "failed"}], "exit_code": 3, "left_out": 2}
                """));
        assertThat(kept.withheld()).containsExactlyInAnyOrder("result", "report.details");
    }

    @Test
    void of_a_status_only_the_exit_code_is_told() {
        TaskResult kept = succeeded(Results.STATUS);
        assertThat(kept.result()).isNull();
        assertThat(json(String.valueOf(kept.report()))).isEqualTo(json("{\"exit_code\": 3}"));
        assertThat(kept.withheld()).containsExactlyInAnyOrder("result", "report");
        TaskResult failed = failed("ValueError: keep", new Disclosure(Results.STATUS, Errors.TRACEBACK, Logs.LOCAL));
        assertThat(failed.error()).isNull();
        assertThat(failed.withheld()).containsExactly("error");
        assertThat(failed.retry()).isTrue();
    }

    @Test
    void with_everything_permitted_it_leaves_as_it_is() {
        TaskResult said = new TaskResult(1, "succeeded", json("null"), null, false, json(REPORT), "abc");
        assertThat(Withholding.apply(said, Disclosure.USUAL)).isEqualTo(said);
    }

    @Test
    void a_report_without_details_is_whole_in_a_summary() {
        TaskResult said = new TaskResult(
                1, "succeeded", null, null, false, json("{\"summary\": \"keep\", \"issues\": []}"), null);
        assertThat(Withholding.apply(said, new Disclosure(Results.SUMMARY, Errors.TYPE, Logs.LOCAL))
                        .withheld())
                .containsExactly("result");
    }

    @Test
    void an_error_says_what_is_missing_of_it() {
        Disclosure type = new Disclosure(Results.FULL, Errors.TYPE, Logs.LOCAL);
        assertThat(failed("ValueError: x", type).error()).isEqualTo("ValueError");
        assertThat(failed("ValueError: x", type).withheld()).containsExactly("error.message");
        assertThat(failed("ValueError", type).withheld()).isNull();
        Disclosure message = new Disclosure(Results.SUMMARY, Errors.MESSAGE, Logs.LOCAL);
        assertThat(failed("ValueError: x\n\nTraceback (most recent call last):\n", message)
                        .withheld())
                .containsExactly("error.traceback");
    }

    @Test
    void the_stricter_of_queue_and_runner_holds() {
        Disclosure queue = new Disclosure(Results.STATUS, Errors.TRACEBACK, Logs.LOCAL);
        Disclosure runner = new Disclosure(Results.SUMMARY, Errors.TYPE, Logs.LOCAL);
        assertThat(queue.within(runner)).isEqualTo(new Disclosure(Results.STATUS, Errors.TYPE, Logs.LOCAL));
        assertThat(runner.within(queue)).isEqualTo(new Disclosure(Results.STATUS, Errors.TYPE, Logs.LOCAL));
        assertThat(queue.within(Disclosure.USUAL)).isEqualTo(queue);
    }

    @Test
    void a_report_that_is_none_is_not_passed_through() {
        for (Results results : Results.values()) {
            TaskResult said =
                    new TaskResult(1, "succeeded", null, null, false, json("{\"unknown\": \"detail\"}"), null);
            assertThat(String.valueOf(Withholding.apply(said, new Disclosure(results, Errors.TYPE, Logs.LOCAL))
                            .report()))
                    .doesNotContain("detail\"");
        }
    }

    private static TaskResult succeeded(Results results) {
        return Withholding.apply(
                new TaskResult(1, "succeeded", json("{\"detail\": 1}"), null, false, json(REPORT), null),
                new Disclosure(results, Errors.TRACEBACK, Logs.LOCAL));
    }

    private static TaskResult failed(String error, Disclosure permitted) {
        return Withholding.apply(new TaskResult(1, "failed", null, error, true, null, null), permitted);
    }

    private static JsonNode json(String text) {
        return Json.readTree(text.getBytes(StandardCharsets.UTF_8));
    }
}
