package dev.nightsafe.protocol.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a task tells people besides its result. Everything in it is a program's own words: make it safe before showing.
 *
 * @param summary what came out
 * @param exitCode of the command or procedure that the task ran
 * @param leftOut how many items the program had besides and that didn't fit
 */
public record Report(
        @Nullable String summary,
        List<Issue> issues,
        List<Step> steps,
        List<Entry> entries,
        List<String> nextSteps,
        @Nullable Integer exitCode,
        int leftOut) {
    /** Of the whole, as JSON without blanks, in bytes. */
    public static final int MOST_BYTES = 256 << 10;

    /**
     * Something that was found to be wrong.
     *
     * @param severity 1 (act now) to 4 (good to know)
     * @param affected the resource that has the problem
     */
    public record Issue(
            int severity,
            String title,
            @Nullable String affected,
            @Nullable String expected,
            @Nullable String actual,
            List<String> nextSteps) {
        private static final List<String> NAMES = List.of("critical", "high", "medium", "low");

        /** {@code critical}, {@code high}, {@code medium} or {@code low}. */
        public String severityName() {
            return NAMES.get(severity - 1);
        }
    }

    /** Something that was done, or wasn't. {@code outcome} is {@code passed}, {@code failed} or {@code skipped}. */
    public record Step(
            String name, String outcome, @Nullable String note) {}

    /** Something to keep for the record. */
    public sealed interface Entry {
        /** A fact with a name. */
        record Named(String name, String value) implements Entry {}

        /** Lines. */
        record Lines(String text) implements Entry {}
    }

    /** Reads a report. Throws {@link UnfitReport}. */
    public static Report read(JsonNode report) {
        return ReportReader.read(report);
    }
}
