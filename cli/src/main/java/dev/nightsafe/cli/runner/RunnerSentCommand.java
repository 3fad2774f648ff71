package dev.nightsafe.cli.runner;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nightsafe runner sent}. */
@Command(
        name = "sent",
        header = "Show what this machine's runner sent to the platform, byte for byte.",
        description = "%nOne JSON line for each message, after redaction: the record that the runner keeps for you.",
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
        if (!Files.exists(folder.sent())) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "there is no record " + folder.sent(),
                    "a runner writes it as soon as it sends something; its data folder is NIGHTSAFE_HOME");
        }
        Tail tail = new Tail(terminal(), () -> List.of(folder.sent()));
        tail.show(lines);
        if (follow) {
            tail.follow();
        }
    }
}
