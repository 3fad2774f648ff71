package dev.nightsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.cli.fake.FakeConsole;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodesTest {
    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({
        "UNAUTHENTICATED, 4",
        "FORBIDDEN, 4",
        "NOT_FOUND, 3",
        "VAULT_NOT_FOUND, 3",
        "ALREADY_EXISTS, 5",
        "VERSION_CONFLICT, 5",
        "VAULTS_NOT_CONFIGURED, 6",
        "KEEPER_UNAVAILABLE, 6",
        "OVERLOADED, 6",
        "TOO_MANY_REQUESTS, 6",
        "INVALID_NAME, 2",
        "INTERNAL, 1"
    })
    void a_problem_of_the_server_becomes_an_exit_code(ProblemCode problem, int code) {
        try (FakeConsole console = new FakeConsole()) {
            console.behaviour().problem = problem;
            Ran ran = ran(console).run("vault", "list");
            assertThat(ran.code()).isEqualTo(code);
            assertThat(ran.err()).startsWith("error: as the test wants it");
            assertThat(ran.out()).isEmpty();
        }
    }

    @Test
    void a_name_that_nothing_can_have_is_not_sent() {
        try (FakeConsole console = new FakeConsole()) {
            for (String name : new String[] {"../v", "v%2f..", ".", "..", "", "v\u0430ult", "a b", "x".repeat(129)}) {
                for (String command : new String[] {"vault show", "queue show", "task show", "queue delete"}) {
                    String[] words = command.split(" ", -1);
                    Ran ran = ran(console).run(words[0], words[1], name);
                    assertThat(ran.code()).as(command + " " + name).isEqualTo(2);
                    assertThat(ran.err()).contains("can't be the name of anything");
                }
            }
            assertThat(ran(console).run("vault", "show", "v\u0430ult").err()).contains("'v\\u{430}ult'");
            assertThat(ran(console).run("-w", "../other", "vault", "list").code())
                    .isEqualTo(2);
        }
    }

    @Test
    void an_argument_that_the_locale_damaged_is_not_used() {
        try (FakeConsole console = new FakeConsole()) {
            Ran ran = ran(console).run("vault", "create", "v", "-d", "caf\uFFFD\uFFFD");
            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err()).startsWith("error: an argument has characters that this locale can't carry");
        }
    }

    @Test
    void no_failure_shows_a_stack_trace_unless_asked_for() {
        try (FakeConsole console = new FakeConsole()) {
            for (ProblemCode problem : EnumSet.allOf(ProblemCode.class)) {
                console.behaviour().problem = problem;
                assertThat(ran(console).run("vault", "list").err()).doesNotContain("\tat ");
            }
            assertThat(ran(console).run("vault", "list", "--debug").err()).contains("\tat ");
        }
    }

    @Test
    void output_that_can_not_be_written_is_a_failure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var terminal = new dev.nightsafe.cli.platform.Terminal(
                System.in,
                new PrintStream(full, false, StandardCharsets.UTF_8),
                nowhere,
                Map.of("NIGHTSAFE_HOME", home.toString()),
                new dev.nightsafe.cli.fake.FakeKeyboard(nowhere),
                dev.nightsafe.cli.platform.Style.PLAIN);
        assertThat(Cli.run(terminal, "keys", "new")).isEqualTo(1);
    }

    private Ran.Builder ran(FakeConsole console) {
        return Ran.with(Map.of(
                "NIGHTSAFE_HOME", home.toString(),
                "NIGHTSAFE_SERVER", console.url(),
                "NIGHTSAFE_TOKEN", console.token()));
    }
}
