package dev.nightsafe.cli.runner;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nightsafe runner sent}. */
@Command(
        name = "sent",
        header = "Show what this machine's runner sent to the platform.",
        description = {
            "%nOne JSON line for each message, the oldest first: the record that the runner keeps for you,",
            "up to 100 MiB. Where a task's words left, they are in 'body' as they did, cut at 4 KiB;",
            "'bytes' and 'sha256' are those of the whole."
        },
        footer = "%nExample:%n  nightsafe runner sent -n 5")
public final class RunnerSentCommand extends CliCommand implements Runnable {
    @Option(
            names = {"-f", "--follow"},
            description = "Go on showing what is added.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "How many messages (${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public void run() {
        RunnerFolder folder = new RunnerFolder(session().home());
        if (folder.allSent().isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "there is no record " + folder.sent(),
                    "a runner writes it as soon as it sends something; its data folder is NIGHTSAFE_HOME");
        }
        Tail tail = new Tail(terminal(), () -> List.of(folder.sent()));
        if (follow) {
            tail.skip();
        }
        show(SentLines.last(lines, folder.allSent()));
        if (follow) {
            tail.follow();
        }
    }

    private void show(List<String> sent) {
        if (output().isJson() && !follow) {
            output().json(sent.stream()
                    .map(line -> Json.readTree(line.getBytes(StandardCharsets.UTF_8)))
                    .toList());
        } else {
            sent.forEach(line -> terminal().out().println(Text.oneLine(line)));
        }
    }
}
