package dev.nightsafe.cli.runner;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe runner logs}. */
@Command(
        name = "logs",
        header = "Show what workers on this machine printed.",
        description = "%nWorkers' output stays on the machine where they run, with granted values redacted.",
        footer = "%nExample:%n  nightsafe runner logs summarize -f")
public final class RunnerLogsCommand extends CliCommand implements Runnable {
    @Parameters(arity = "0..1", defaultValue = "", paramLabel = "QUEUE", description = "Only of this queue.")
    private String queue = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on showing what is added.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "How many lines of each file (${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public void run() {
        RunnerFolder folder = new RunnerFolder(session().home());
        Tail tail = new Tail(terminal(), () -> folder.logs(queue));
        if (!follow && folder.logs(queue).isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "no worker" + (queue.isEmpty() ? "" : " of queue " + queue)
                            + " has printed anything on this machine",
                    "logs stay where the runner is; its data folder is NIGHTSAFE_HOME ("
                            + session().home() + ")");
        }
        tail.show(lines);
        if (follow) {
            tail.follow();
        }
    }
}
