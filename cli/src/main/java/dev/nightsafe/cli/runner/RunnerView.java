package dev.nightsafe.cli.runner;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Table;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;

/** Runners as people see them. */
public final class RunnerView {
    private RunnerView() {}

    static void list(Output output, List<ConsoleApi.Runner> runners) {
        Table table = new Table("NAME", "SITE", "QUEUES", "STATE", "ISOLATION", "LAST SEEN", "ID");
        runners.forEach(runner -> table.row(
                runner.name(),
                runner.site(),
                String.join(", ", runner.queues()),
                runner.state(),
                runner.isolation(),
                runner.lastSeenAt() == null ? "never" : Text.time(runner.lastSeenAt()),
                runner.id()));
        output.table(table);
        warn(output.terminal(), runners);
    }

    /** Says which runners saw another audit chain before. */
    public static void warn(Terminal terminal, List<ConsoleApi.Runner> runners) {
        runners.stream()
                .filter(runner -> runner.auditProblem() != null)
                .forEach(runner ->
                        terminal.warn("runner " + runner.name() + " says of the audit: " + runner.auditProblem()));
    }

    static void show(Output output, ConsoleApi.Runner runner) {
        output.field("Runner", runner.name());
        output.field("Id", runner.id());
        output.field("Site", runner.site());
        output.field("Queues", String.join(", ", runner.queues()));
        output.field("State", runner.state());
        output.field("Isolation", runner.isolation());
        output.field("Enrolled", Text.time(runner.enrolledAt()));
        output.field("Last seen", runner.lastSeenAt() == null ? "never" : Text.time(runner.lastSeenAt()));
        if (runner.auditProblem() != null) {
            output.field("Audit", runner.auditProblem());
        }
        output.heading("Serves (" + runner.serving().size() + ")");
        Table serving = new Table("QUEUE", "STATE", "DETAIL");
        runner.serving()
                .forEach(queue ->
                        serving.row(queue.queue(), queue.state(), queue.detail() == null ? "" : queue.detail()));
        output.table(serving);
        granted(output, "Was given", runner.granted());
    }

    static void toReplace(Output output, List<ConsoleApi.Granted> granted) {
        if (granted.isEmpty()) {
            output.done("it was never given a secret");
        } else {
            granted(output, "Replace these values, it has them", granted);
        }
    }

    private static void granted(Output output, String title, List<ConsoleApi.Granted> granted) {
        output.heading(title + " (" + granted.size() + ")");
        Table table = new Table("VAULT", "KEY", "VERSION", "AT");
        granted.forEach(value -> table.row(value.vault(), value.key(), value.version(), Text.time(value.at())));
        output.table(table);
    }
}
