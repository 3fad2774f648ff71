package dev.nightsafe.protocol.report;

import dev.nightsafe.protocol.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds what a program reports to what a report may be. */
public final class Reports {
    private Reports() {}

    /**
     * The report itself, or in place of one that doesn't fit another with one issue that says why, since a result must
     * not be lost by its report. Null for none.
     */
    public static @Nullable JsonNode fitting(@Nullable JsonNode report) {
        if (report == null || report.isNull()) {
            return null;
        }
        try {
            ReportReader.read(report);
            return report;
        } catch (UnfitReport e) {
            return inPlaceOf(e);
        }
    }

    private static ObjectNode inPlaceOf(UnfitReport problem) {
        ObjectNode report = Json.MAPPER.createObjectNode();
        ObjectNode issue = report.putArray("issues").addObject();
        issue.put("severity", 3);
        issue.put("title", "the task's report didn't fit and was left out");
        issue.put("expected", "a report as spec/task-protocol.md describes it");
        issue.put("actual", problem.getMessage());
        issue.putArray("next_steps").add("correct what the task's program reports; its result is not affected");
        return report;
    }
}
