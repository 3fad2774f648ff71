package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import picocli.CommandLine.Command;

/** Parts that the script {@code nightsafe} starts without this program; here so that the help knows them. */
final class ServerCommands {
    private ServerCommands() {}

    /** {@code nightsafe console}. */
    @Command(
            name = "console",
            header = "Run the console, the people's side, in the foreground.",
            description = """
                %nSettings come from $NIGHTSAFE_HOME/console.yaml, NIGHTSAFE_CONSOLE_* and --name=value, for example \
                --listen 127.0.0.1:7600. It needs no master key and can't open a value.""",
            footer = "%nExample:%n  nightsafe console --listen 127.0.0.1:7600")
    public static final class Console extends CliCommand implements Runnable {
        @Override
        public void run() {
            throw startedByScript("console");
        }
    }

    /** {@code nightsafe keeper}. */
    @Command(
            name = "keeper",
            header = "Run the keeper, the machines' side, in the foreground.",
            description = """
                %nSettings come from $NIGHTSAFE_HOME/keeper.yaml, NIGHTSAFE_KEEPER_* and --name=value. Its master key \
                comes from NIGHTSAFE_MASTER_KEY or --master-keys FILE; without one vaults are disabled.""",
            footer = "%nExample:%n  nightsafe keeper --master-keys /run/keys/master.keys")
    public static final class Keeper extends CliCommand implements Runnable {
        @Override
        public void run() {
            throw startedByScript("keeper");
        }
    }

    private static CliException startedByScript(String part) {
        return CliException.usage(
                "the " + part + " is started by the script 'nightsafe', not by this program", "run: nightsafe " + part);
    }
}
