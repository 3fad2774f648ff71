package dev.nightsafe.cli.runner;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Text;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code nightsafe runner heads}. */
@Command(
        name = "heads",
        header = "Print the heads of audit chains that this machine's runner kept.",
        description = {
            "%nOne JSON line for each, the oldest first: what the audit of the platform looked like to this runner,",
            "once a minute while it changed, up to 100 MiB. 'audit verify --file EXPORT --heads FILE' compares an",
            "export with them. Where 'contradicts' is not null, the platform's chain was no longer the one seen before."
        },
        footer = "%nExample:%n  nightsafe runner heads > frankfurt-heads.jsonl")
public final class RunnerHeadsCommand extends CliCommand implements Runnable {
    @Override
    public void run() {
        RunnerFolder folder = new RunnerFolder(session().home());
        List<Path> files = folder.allHeads();
        if (files.isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "there is no record " + folder.heads(),
                    "a runner writes it when it has been connected for a minute; its data folder is NIGHTSAFE_HOME");
        }
        files.reversed().forEach(this::print);
        terminal().out().flush();
    }

    private void print(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                terminal().out().println(Text.oneLine(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }
}
