package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.console.platform.ConsoleSettings;
import dev.nightsafe.core.config.Settings;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.link.Link;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console as a process of its own. */
class StartTest {
    @TempDir
    Path home;

    @Test
    void it_says_when_it_listens_and_ends_on_a_signal() throws Exception {
        Link.create(home.resolve("console"), home.resolve("keeper"));
        Files.writeString(home.resolve("application.properties"), "server.port=1\nserver.servlet.context-path=/x\n");
        Process process = start("--listen", "127.0.0.1:0");
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            String ready = out.readLine();
            assertThat(ready).matches("nightsafe console ready on http://127\\.0\\.0\\.1:[1-9][0-9]+");
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
            assertThat(out.readLine()).as("one line is all").isNull();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_training_run_needs_nothing_and_leaves_nothing() throws Exception {
        Process process = start("--train");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(errors(process)).doesNotContain("Exception");
        assertThat(process.exitValue()).isZero();
        try (var files = Files.list(home)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void what_stops_a_start_is_said_in_one_line() throws Exception {
        assertThat(failure()).contains("link").contains("nightsafe up").doesNotContain("\tat ");
        assertThat(failure("--colour", "blue"))
                .contains("unknown setting 'colour'")
                .doesNotContain("\tat ");
        Link.create(home.resolve("console"), home.resolve("keeper"));
        assertThat(failure("--listen", "7600")).contains("'listen' is address:port");
        assertThat(failure("--database", "mysql://x")).contains("sqlite: or postgresql://");
        assertThat(failure("--keeper-internal", "http://127.0.0.1:1")).contains("https://host:port");
        Files.delete(home.resolve("console").resolve("deposit.key"));
        assertThat(failure()).contains("deposit.key does not exist");
    }

    @Test
    void a_second_console_on_the_same_file_is_refused() throws Exception {
        try (RunningConsole console = new RunningConsole(home, Engine.SQLITE)) {
            assertThatThrownBy(() -> Console.start(console.settings()))
                    .rootCause()
                    .hasMessageContaining("console.db");
        }
    }

    @Test
    void it_speaks_tls_with_the_operators_certificate() throws Exception {
        try (RunningConsole console = new RunningConsole(home, Engine.SQLITE)) {
            console.console.close();
            Path folder = home.resolve("console");
            console.console = Console.start(console.settings(
                    "--tls-certificate=" + folder.resolve("link.crt"), "--tls-key=" + folder.resolve("link.key")));
            try (ApiClient client = new ApiClient(
                    console.console.address(),
                    Link.clientContext(home.resolve("keeper")),
                    null,
                    () -> Optional.of(console.first()))) {
                assertThat(console.console.address().getScheme()).isEqualTo("https");
                assertThat(client.get("/api/v1/whoami", ConsoleApi.WhoAmI.class).name())
                        .isEqualTo("first");
            }
            assertThatThrownBy(() -> console.settings("--tls-key=" + folder.resolve("link.key")))
                    .hasMessageContaining("give both");
        }
    }

    @Test
    void settings_come_from_its_file_too() throws IOException {
        Files.writeString(home.resolve("console.yaml"), "listen: 127.0.0.2:9\n");
        ConsoleSettings settings = ConsoleSettings.of(
                Settings.load("console", ConsoleSettings.DEFAULTS, Map.of("NIGHTSAFE_HOME", home.toString())));
        assertThat(settings.address()).isEqualTo("127.0.0.2");
        assertThat(settings.port()).isEqualTo(9);
        assertThat(settings.firstTokenFile()).isEqualTo(home.resolve("cli").resolve("token"));
    }

    private String failure(String... arguments) throws Exception {
        Process process = start(arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String errors = errors(process);
        assertThat(process.exitValue()).as(errors).isEqualTo(1);
        assertThat(errors.lines().filter(line -> line.startsWith("nightsafe console: ")))
                .hasSize(1);
        return errors;
    }

    private static String errors(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ConsoleMain.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().put("NIGHTSAFE_HOME", home.toString());
        return builder.start();
    }
}
