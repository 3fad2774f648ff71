package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Query;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe task logs}. */
@Command(
        name = "logs",
        header = "Show what a task's program printed, where it may leave its site.",
        description = """
            %nOnly for a queue that says 'logs: transmit', at a runner that allows it; redacted and sanitized there. The newest \
            1 MiB of a task is kept, as long as the task. With -o json a JSON object a line.""",
        footer = "%nExample:%n  nightsafe task logs 0198c3a2-... -f")
public final class TaskLogsCommand extends CliCommand implements Runnable {
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");
    private static final Duration AGAIN = Duration.ofSeconds(1);

    @Parameters(paramLabel = "ID", description = "The task's id.")
    private String id = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the task has ended.")
    private boolean follow;

    @Override
    public void run() {
        ConsoleApi.TaskLogs logs = read(null);
        boolean any = show(logs);
        while (follow && !(ENDED.contains(logs.state()) && logs.items().isEmpty())) {
            if (logs.items().isEmpty()) {
                LockSupport.parkNanos(AGAIN.toNanos());
            }
            logs = read(logs.next());
            any |= show(logs);
        }
        if (!any) {
            terminal()
                    .say(
                            "nothing was transmitted; unless the queue says 'logs: transmit' and the runner allows it, what"
                                    + " programs print stays there: nightsafe runner logs");
        }
    }

    private ConsoleApi.TaskLogs read(@Nullable String after) {
        String query = new Query().add("after", after).toString();
        return session().console().get(ConsoleApi.TaskLogs.class, Duration.ZERO, query, "tasks", id, "logs");
    }

    private boolean show(ConsoleApi.TaskLogs logs) {
        if (logs.cut()) {
            terminal().say("(earlier lines were dropped)");
        }
        logs.items().forEach(this::show);
        terminal().out().flush();
        return !logs.items().isEmpty();
    }

    private void show(ConsoleApi.LogPart part) {
        if (output().isJson()) {
            terminal().out().println(Output.compact(part));
            return;
        }
        String head = Text.time(part.at()) + " " + Text.oneLine(part.source()) + " ";
        part.text().lines().forEach(line -> terminal().out().println(head + Text.oneLine(line)));
    }
}
