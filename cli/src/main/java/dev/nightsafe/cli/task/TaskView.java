package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tasks as people see them. */
final class TaskView {
    private TaskView() {}

    static void list(Output output, List<ConsoleApi.Task> tasks) {
        Table table = new Table("ID", "QUEUE", "STATE", "ATTEMPT", "SUBMITTED", "FINISHED", "NOTE");
        tasks.forEach(task -> table.row(
                task.id(),
                task.queue(),
                task.state(),
                task.attempt(),
                Text.time(task.submittedAt()),
                task.finishedAt() == null ? "-" : Text.time(task.finishedAt()),
                note(task)));
        output.table(table);
    }

    static void show(Output output, ConsoleApi.Task task) {
        output.field("Task", task.id());
        output.field("Queue", task.queue() + " (" + task.subQueue() + ")");
        output.field("State", task.state());
        optional(output, "Type", task.type());
        output.field("Attempt", task.attempt() + " of " + (task.maxRetry() + 1));
        optional(output, "Runner", task.runner());
        optional(output, "Commit", task.commit());
        optional(output, "Progress", task.progress());
        optional(output, "Reason", task.reason());
        output.field("Submitted", Text.time(task.submittedAt()));
        optional(output, "Started", task.startedAt());
        optional(output, "Finished", task.finishedAt());
        json(output, "Payload", task.payload());
        json(output, "Result", task.result());
        if (task.report() != null && !task.report().isNull()) {
            ReportView.show(output, task.report());
        }
        if (task.error() != null) {
            output.heading("Error");
            output.lines(task.error());
        }
        withheld(output, task.withheld());
    }

    /** Nothing there and nothing told are not the same. */
    private static void withheld(Output output, List<String> names) {
        if (!names.isEmpty()) {
            output.heading("Withheld by the runner");
            names.forEach(name -> output.line(name.replace(".", ": ")));
        }
    }

    /** What it does now, on one line. */
    static String change(ConsoleApi.Task task) {
        String attempt = task.state().equals("running") && task.attempt() > 1 ? ", attempt " + task.attempt() : "";
        String note = note(task);
        return Text.oneLine(task.state() + attempt + (note.isEmpty() ? "" : ": " + note));
    }

    /** What is known of why it waits, or how far it is. */
    static String note(ConsoleApi.Task task) {
        String note = task.reason() != null ? task.reason() : task.progress();
        return note == null ? "" : note;
    }

    private static void optional(Output output, String name, @Nullable String value) {
        if (value != null) {
            output.field(name, name.endsWith("ed") ? Text.time(value) : value);
        }
    }

    private static void json(Output output, String name, @Nullable JsonNode value) {
        if (value != null && !value.isNull()) {
            output.heading(name);
            output.lines(Output.pretty(value));
        }
    }
}
