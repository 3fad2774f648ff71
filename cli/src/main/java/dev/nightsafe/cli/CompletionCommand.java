package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.CliCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code nightsafe completion}. */
@Command(name = "completion", header = "Print a completion script for bash and zsh.", footer = """
            %nExamples:
              source <(nightsafe completion)
              nightsafe completion > /etc/bash_completion.d/nightsafe""")
final class CompletionCommand extends CliCommand implements Runnable {
    @Override
    public void run() {
        CommandLine all = Cli.commandLine(new NightsafeCommand(terminal()), terminal());
        terminal().out().println(AutoComplete.bash("nightsafe", all));
    }
}
