package dev.nightsafe.cli;

import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Terminal;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;

/** Parses and runs one command line. */
final class Cli {
    private static final int HELP_WIDTH = 100;
    /** What the JVM puts in place of bytes that it can't decode: what would be sent is not what was typed. */
    private static final char REPLACEMENT = '\uFFFD';

    private Cli() {}

    /** Runs it and says the exit code. Never throws. */
    static int run(Terminal terminal, String... arguments) {
        if (Arrays.stream(arguments).anyMatch(argument -> argument.indexOf(REPLACEMENT) >= 0)) {
            terminal.say("error: an argument has characters that this locale can't carry unchanged");
            terminal.say("hint: use a UTF-8 locale, or what takes bytes as they are: --file, --value-stdin, -p @FILE");
            return ExitCode.USAGE.code();
        }
        NightsafeCommand root = new NightsafeCommand(terminal);
        CommandLine commandLine = commandLine(root, terminal, arguments);
        int code = commandLine.execute(arguments);
        root.session().close(); // else the JVM waits a third of a second for the connection's thread when it exits
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
