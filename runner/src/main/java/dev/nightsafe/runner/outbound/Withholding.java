package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.report.Report;
import dev.nightsafe.protocol.report.Reports;
import dev.nightsafe.protocol.report.UnfitReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes out of what a program gave back what may not leave, and says what that was. {@code docs/boundary.md} has the
 * same field by field. What is kept is listed here, so that a field that comes later stays at home. For one result.
 */
final class Withholding {
    private final Disclosure permitted;
    private final List<String> withheld = new ArrayList<>();

    private Withholding(Disclosure permitted) {
        this.permitted = permitted;
    }

    static KeeperApi.TaskResult apply(KeeperApi.TaskResult said, Disclosure permitted) {
        return new Withholding(permitted).apply(said);
    }

    private KeeperApi.TaskResult apply(KeeperApi.TaskResult said) {
        return new KeeperApi.TaskResult(
                said.fencing(),
                said.outcome(),
                result(said),
                error(said.error()),
                said.retry(),
                report(said.report()),
                said.commit(),
                withheld.isEmpty() ? null : List.copyOf(withheld),
                said.rooms());
    }

    /** Of one that failed there is none, whatever stands there. */
    private @Nullable JsonNode result(KeeperApi.TaskResult said) {
        if (permitted.results() == Disclosure.Results.FULL) {
            return said.result();
        }
        if (said.outcome().equals("succeeded")) {
            withheld.add("result");
        }
        return null;
    }

    private @Nullable String error(@Nullable String error) {
        if (error == null) {
            return null;
        }
        if (permitted.results() == Disclosure.Results.STATUS) {
            withheld.add("error");
            return null;
        }
        String kept = ErrorText.of(error, permitted.errors());
        if (!kept.equals(error)) {
            withheld.add(permitted.errors() == Disclosure.Errors.TYPE ? "error.message" : "error.traceback");
        }
        return kept;
    }

    private @Nullable JsonNode report(@Nullable JsonNode report) {
        if (report == null || report.isNull()) {
            return null;
        }
        try {
            Report read = Report.read(report);
            return switch (permitted.results()) {
                case FULL -> report;
                case SUMMARY -> summary(read, report);
                case STATUS -> status(read);
            };
        } catch (UnfitReport e) {
            return Reports.fitting(report); // with words of ours in its place
        }
    }

    private @Nullable JsonNode status(Report report) {
        withheld.add("report");
        ObjectNode kept = Json.MAPPER.createObjectNode();
        exitCode(kept, report);
        return kept.isEmpty() ? null : kept;
    }

    private JsonNode summary(Report report, JsonNode whole) {
        ObjectNode kept = Json.MAPPER.createObjectNode();
        if (report.summary() != null) {
            kept.put("summary", report.summary());
        }
        ArrayNode issues = kept.putArray("issues");
        report.issues()
                .forEach(issue ->
                        issues.addObject().put("severity", issue.severity()).put("title", issue.title()));
        ArrayNode steps = kept.putArray("steps");
        report.steps()
                .forEach(step -> steps.addObject().put("name", step.name()).put("outcome", step.outcome()));
        exitCode(kept, report);
        if (report.leftOut() > 0) {
            kept.put("left_out", report.leftOut());
        }
        if (!Report.read(whole).equals(Report.read(kept))) {
            withheld.add("report.details");
        }
        return kept;
    }

    private static void exitCode(ObjectNode kept, Report report) {
        if (report.exitCode() != null) {
            kept.put("exit_code", report.exitCode());
        }
    }
}
