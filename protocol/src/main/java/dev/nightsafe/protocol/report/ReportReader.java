package dev.nightsafe.protocol.report;

import dev.nightsafe.protocol.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads what a program reports, as {@code spec/report.schema.json} has it. */
final class ReportReader {
    private static final int NAME = 200;
    private static final int TEXT = 2000;
    private static final int SUMMARY = 4000;
    private static final int LINES = 10_000;
    private static final int ISSUES = 100;
    private static final int STEPS = 500;
    private static final int ENTRIES = 500;
    private static final int NEXT_STEPS = 20;
    private static final List<String> OUTCOMES = List.of("passed", "failed", "skipped");

    private ReportReader() {}

    /** Throws {@link UnfitReport}. */
    static Report read(JsonNode node) {
        ReportFields fields = new ReportFields(
                "", node, List.of("summary", "issues", "steps", "entries", "next_steps", "exit_code", "left_out"));
        Report report = new Report(
                fields.maybeText("summary", SUMMARY),
                fields.list("issues", ISSUES, ReportReader::issue),
                fields.list("steps", STEPS, ReportReader::step),
                fields.list("entries", ENTRIES, ReportReader::entry),
                fields.texts("next_steps", NEXT_STEPS, TEXT),
                fields.has("exit_code") ? fields.number("exit_code", Integer.MIN_VALUE, Integer.MAX_VALUE) : null,
                fields.has("left_out") ? fields.number("left_out", 0, Integer.MAX_VALUE) : 0);
        // Last: only what is a report by its form is sure to be writable.
        if (Json.write(node).length > Report.MOST_BYTES) {
            throw new UnfitReport("the report has more than 256 KiB");
        }
        return report;
    }

    private static Report.Issue issue(String place, JsonNode node) {
        ReportFields fields = new ReportFields(
                place, node, List.of("severity", "title", "affected", "expected", "actual", "next_steps"));
        return new Report.Issue(
                fields.number("severity", 1, 4),
                fields.text("title", NAME),
                fields.maybeText("affected", NAME),
                fields.maybeText("expected", TEXT),
                fields.maybeText("actual", TEXT),
                fields.texts("next_steps", NEXT_STEPS, TEXT));
    }

    private static Report.Step step(String place, JsonNode node) {
        ReportFields fields = new ReportFields(place, node, List.of("name", "outcome", "note"));
        return new Report.Step(
                fields.text("name", NAME), fields.oneOf("outcome", OUTCOMES), fields.maybeText("note", TEXT));
    }

    private static Report.Entry entry(String place, JsonNode node) {
        if (node.has("text")) {
            return new Report.Entry.Lines(new ReportFields(place, node, List.of("text")).text("text", LINES));
        }
        ReportFields fields = new ReportFields(place, node, List.of("name", "value"));
        return new Report.Entry.Named(fields.text("name", NAME), fields.text("value", TEXT));
    }
}
