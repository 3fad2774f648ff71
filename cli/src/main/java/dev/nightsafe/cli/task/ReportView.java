package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.protocol.report.Report;
import dev.nightsafe.protocol.report.UnfitReport;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a task reported, as people read it; all of it is a program's own words. */
final class ReportView {
    private final Output output;

    private ReportView(Output output) {
        this.output = output;
    }

    static void show(Output output, JsonNode json) {
        try {
            new ReportView(output).show(Report.read(json));
        } catch (UnfitReport e) { // a newer keeper's
            output.heading("Report");
            output.lines(Output.pretty(json));
        }
    }

    private void show(Report report) {
        if (report.summary() != null) {
            output.heading("Summary");
            output.lines(report.summary());
        }
        if (report.exitCode() != null) {
            output.heading("Exit code");
            output.line(report.exitCode().toString());
        }
        issues(report.issues());
        steps(report.steps());
        entries(report.entries());
        if (!report.nextSteps().isEmpty()) {
            output.heading("Next steps");
            report.nextSteps().forEach(step -> under("- ", step));
        }
        if (report.leftOut() > 0) {
            output.heading("Left out");
            output.line(report.leftOut() + " more didn't fit into the report");
        }
    }

    private void issues(List<Report.Issue> issues) {
        if (issues.isEmpty()) {
            return;
        }
        output.heading("Issues");
        for (Report.Issue issue : issues) {
            output.line("%d %-8s  %s".formatted(issue.severity(), issue.severityName(), issue.title()));
            detail("affected", issue.affected());
            detail("expected", issue.expected());
            detail("actual", issue.actual());
            issue.nextSteps().forEach(step -> detail("next", step));
        }
    }

    private void detail(String name, @Nullable String text) {
        if (text != null) {
            under("            %-8s  ".formatted(name), text);
        }
    }

    private void steps(List<Report.Step> steps) {
        if (steps.isEmpty()) {
            return;
        }
        String counts = steps.stream()
                .collect(Collectors.groupingBy(
                        Report.Step::outcome, java.util.LinkedHashMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
        output.heading("Steps (" + counts + ")");
        Table table = new Table("OUTCOME", "STEP", "NOTE");
        steps.forEach(step -> table.row(step.outcome(), step.name(), step.note() == null ? "" : step.note()));
        output.table(table);
    }

    private void entries(List<Report.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        output.heading("Entries");
        for (Report.Entry entry : entries) {
            switch (entry) {
                case Report.Entry.Named(String name, String value) -> under(name + ": ", value);
                case Report.Entry.Lines(String text) -> under("", text);
            }
        }
    }

    /** The text after {@code before}, its further lines below its first. */
    private void under(String before, String text) {
        String start = before;
        for (String line : text.strip().lines().toList()) {
            output.line(start + line);
            start = " ".repeat(before.length());
        }
    }
}
