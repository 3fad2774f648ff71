package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.GlobalOptions;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.cli.platform.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code nightsafe}. */
@Command(
        name = "nightsafe",
        header = "Secrets for distributed task workers, which nobody can read back.",
        description = "%nStart here: nightsafe demo",
        versionProvider = Version.class)
public final class NightsafeCommand implements Runnable, CliCommand.Root {
    private static final String WELCOME = """
            Nightsafe keeps secrets for task workers: people and automation put them in, only the work that a
            secret was released for takes it out, and no API reads one back.

            Start here:
              nightsafe demo            see a secret's whole way, on this machine, in a folder of its own
              nightsafe init my-queue   a queue of your own to begin with
              nightsafe up              start everything on this machine

            nightsafe --help lists all commands; nightsafe COMMAND --help explains one, with examples.""";

    private final Terminal terminal;

    @Mixin
    private final GlobalOptions options = new GlobalOptions();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean version;

    @Option(names = "--train", hidden = true, description = "Load what commands use, for the AOT cache, and end.")
    private boolean train;

    private final Session session;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(Cli.run(Terminal.ofProcess(), args));
    }

    NightsafeCommand(Terminal terminal) {
        this.terminal = terminal;
        this.session = new Session(terminal, options);
    }

    @Override
    public Session session() {
        return session;
    }

    boolean debug() {
        return options.debug();
    }

    @Override
    public void run() {
        if (train) {
            Training.run();
        } else {
            terminal.out().println(WELCOME);
        }
    }
}
