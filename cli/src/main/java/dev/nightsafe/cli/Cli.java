package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Terminal;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Parses and runs one command line. */
final class Cli {
    private static final int HELP_WIDTH = 100;

    private Cli() {}

    /** Runs it and says the exit code. Never throws. */
    static int run(Terminal terminal, String... arguments) {
        NightsafeCommand root = new NightsafeCommand(terminal);
        CommandLine commandLine = commandLine(root, terminal, arguments);
        int code = commandLine.execute(arguments);
        terminal.err().flush();
        if (terminal.out().checkError() && code == ExitCode.OK.code()) {
            terminal.say("error: standard output could not be written");
            return ExitCode.FAILED.code();
        }
        return code;
    }

    /** @param arguments what will be parsed, or none for a model of all commands */
    static CommandLine commandLine(NightsafeCommand root, Terminal terminal, String... arguments) {
        Failures failures = new Failures(terminal, root::debug);
        CommandLine commandLine = new CommandLine(root);
        Commands.add(commandLine, arguments);
        commandLine
                .setExpandAtFiles(false) // -p @file is ours, and a value may start with @
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(HELP_WIDTH)
                .setHelpFactory(HelpLayout::help)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.style().isLive() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setParameterExceptionHandler(failures::wrongCommandLine)
                .setExecutionExceptionHandler(failures::failed);
        return commandLine;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
