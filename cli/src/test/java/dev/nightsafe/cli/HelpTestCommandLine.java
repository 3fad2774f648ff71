package dev.nightsafe.cli;

import dev.nightsafe.cli.fake.FakeKeyboard;
import dev.nightsafe.cli.platform.Style;
import dev.nightsafe.cli.platform.Terminal;
import java.io.ByteArrayInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** The model of all commands, to walk over. */
final class HelpTestCommandLine {
    private HelpTestCommandLine() {}

    static CommandLine make() {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                nowhere,
                nowhere,
                Map.of(),
                new FakeKeyboard(nowhere),
                Style.PLAIN);
        return Cli.commandLine(new NightsafeCommand(terminal), terminal);
    }
}
