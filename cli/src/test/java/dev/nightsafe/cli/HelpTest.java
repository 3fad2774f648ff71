package dev.nightsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.cli.platform.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command explains itself; {@code docs/cli.md} is made of that ({@code -Ddocs.update=true} writes it anew). */
class HelpTest {
    private static final Path DOCUMENT = Path.of("../docs/cli.md");

    static Stream<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        gather(HelpTestCommandLine.make(), List.of(), all);
        return all.stream();
    }

    private static void gather(CommandLine commandLine, List<String> path, List<List<String>> all) {
        all.add(path);
        HelpLayout.ordered(commandLine).forEach((name, command) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            gather(command, longer, all);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_says_what_it_does_how_it_is_called_and_what_its_options_mean(List<String> command) {
        Ran ran = help(command);
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .contains("Usage: nightsafe", "--help")
                .doesNotContain("${", "%n")
                .doesNotContainPattern("<[a-zA-Z]");
        assertThat(ran.out().lines().findFirst().orElseThrow()).endsWith(".");
        assertThat(ran.out().lines()).allMatch(line -> line.length() <= 100 || line.startsWith("  "));
    }

    @Test
    void docs_cli_md_says_the_same() throws IOException {
        String document = document();
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(DOCUMENT, document);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(document);
    }

    @Test
    void the_completion_script_knows_every_group() {
        String script = Ran.with(Map.of()).run("completion").out();
        for (String group : HelpTestCommandLine.make().getSubcommands().keySet()) {
            assertThat(script).contains(group);
        }
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # The command line

                What `nightsafe --help` and `nightsafe COMMAND --help` say, in one place; made from them. Every command
                takes `-o json`, for programs: the API's records, in camel case, which only ever get more fields.

                | exit code | means |
                | --- | --- |
                """);
        Arrays.stream(ExitCode.values())
                .forEach(code -> text.append("| ")
                        .append(code.code())
                        .append(" | ")
                        .append(code.meaning())
                        .append(" |\n"));
        text.append(
                "\nErrors go to standard error, with `error:` before what failed and `hint:` before what to do next.\n");
        commands()
                .forEach(command -> text.append("\n")
                        .append(command.size() > 1 ? "### " : "## ")
                        .append(String.join(" ", concat(command)))
                        .append("\n\n```\n")
                        .append(help(command).out().stripTrailing())
                        .append("\n```\n"));
        return text.toString();
    }

    private static List<String> concat(List<String> command) {
        List<String> words = new ArrayList<>(List.of("nightsafe"));
        words.addAll(command);
        return words;
    }

    private static Ran help(List<String> command) {
        List<String> arguments = new ArrayList<>(command);
        arguments.add("--help");
        return Ran.with(Map.of()).run(arguments.toArray(String[]::new));
    }
}
