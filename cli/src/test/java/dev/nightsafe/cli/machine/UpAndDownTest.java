package dev.nightsafe.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.cli.Ran;
import dev.nightsafe.cli.fake.FakeConsole;
import dev.nightsafe.cli.platform.Profile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up}, {@code status} and {@code down} with parts that are real processes of a fake script. */
class UpAndDownTest {
    @TempDir
    Path folder;

    private final FakeConsole console = new FakeConsole();
    private FakeInstallation installation;

    @BeforeEach
    void install() throws IOException {
        installation = new FakeInstallation(folder, console);
    }

    @AfterEach
    void stop() {
        run("down");
        console.close();
    }

    @Test
    void up_makes_the_folder_and_keys_starts_the_parts_and_signs_in() throws IOException {
        Ran up = run("up");
        assertThat(up.code()).as(up.err()).isZero();
        Path home = installation.home();
        assertThat(mode(home)).isEqualTo("rwx------");
        assertThat(mode(home.resolve("master.keys"))).isEqualTo("rw-------");
        assertThat(Files.readString(home.resolve("master.keys"))).matches("1 [A-Za-z0-9+/]{43}=\n");
        assertThat(home.resolve("console/link.crt")).exists();
        assertThat(home.resolve("keeper/deposit.key")).exists();
        assertThat(installation.argumentsOf("keeper")).isEqualTo("keeper --master-keys " + home + "/master.keys");
        assertThat(Profile.read(home)).hasValueSatisfying(profile -> {
            assertThat(profile.server()).isEqualTo(console.url());
            assertThat(profile.root()).isEqualTo(console.rootFingerprint());
        });
        assertThat(run("vault", "create", "api-keys").code()).isZero();
        assertThat(run("vault", "set", "api-keys", "KEY", "value", "--no-secret")
                        .code())
                .isZero();
        Ran status = run("status");
        assertThat(status.code()).isZero();
        assertThat(status.out()).containsPattern("keeper +up").containsPattern("runner +down");
    }

    @Test
    void only_the_keeper_gets_the_master_key_and_no_part_another_parts_settings() throws IOException {
        Ran up = Ran.with(installation.environment())
                .variable("NIGHTSAFE_MASTER_KEY", "a-key")
                .variable("NIGHTSAFE_KEEPER_DATABASE", "postgresql://keeper:password@db/keeper")
                .variable("NIGHTSAFE_TOKEN", "a-token")
                .run("up");
        assertThat(up.code()).as(up.err()).isZero();
        assertThat(installation.environmentOf("keeper"))
                .containsEntry("NIGHTSAFE_MASTER_KEY", "a-key")
                .containsKey("NIGHTSAFE_KEEPER_DATABASE")
                .doesNotContainKey("NIGHTSAFE_TOKEN");
        assertThat(installation.environmentOf("console"))
                .containsKey("NIGHTSAFE_HOME")
                .doesNotContainKeys("NIGHTSAFE_MASTER_KEY", "NIGHTSAFE_KEEPER_DATABASE", "NIGHTSAFE_TOKEN");
        assertThat(installation.home().resolve("master.keys")).doesNotExist();
    }

    @Test
    void a_master_key_that_went_missing_is_not_replaced_and_up_says_why_vaults_are_disabled() throws IOException {
        assertThat(run("up").err()).doesNotContain("vaults are disabled");
        run("down");
        Path ring = installation.home().resolve("master.keys");
        Files.delete(ring);
        installation.let("keeper", "keyless");
        Ran up = run("up");
        assertThat(up.code()).as(up.err()).isZero();
        assertThat(ring).doesNotExist();
        assertThat(installation.argumentsOf("keeper")).isEqualTo("keeper --master-keys " + ring);
        assertThat(up.err()).contains("warning: vaults are disabled, the rest works: no key (none at all)\n");
    }

    @Test
    void a_key_ring_that_the_keeper_s_settings_name_is_used_and_no_other_made() throws IOException {
        Files.createDirectories(installation.home());
        Files.setPosixFilePermissions(installation.home(), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(installation.home().resolve("keeper.yaml"), "master-keys: /elsewhere/ring\n");
        assertThat(run("up").code()).isZero();
        assertThat(installation.argumentsOf("keeper")).isEqualTo("keeper");
        run("down");
        Files.delete(installation.home().resolve("keeper.yaml"));
        Files.delete(installation.home().resolve("keeper/root.fingerprint"));
        Ran up = Ran.with(installation.environment())
                .variable("NIGHTSAFE_KEEPER_MASTER_KEYS", "/elsewhere/ring")
                .run("up");
        assertThat(up.code()).as(up.err()).isZero();
        assertThat(installation.argumentsOf("keeper")).isEqualTo("keeper");
        assertThat(installation.home().resolve("master.keys")).doesNotExist();
    }

    @Test
    void a_runner_is_enrolled_the_first_time_when_there_is_a_runner_yaml() throws IOException {
        Files.createDirectories(installation.home());
        Files.writeString(installation.home().resolve("runner.yaml"), "keeper: http://127.0.0.1:1\nisolation: none\n");
        assertThat(run("up", "--no-runner").code()).isZero();
        assertThat(installation.home().resolve("runner.env")).doesNotExist();
        Ran up = run("up");
        assertThat(up.err()).contains("nightsafe runner ready: here at site local, isolation none");
        assertThat(installation.environmentOf("runner")).containsEntry("NIGHTSAFE_RUNNER_TOKEN", "nse_the_token");
        assertThat(installation.argumentsOf("runner")).isEqualTo("runner start");

        run("down");
        Files.createDirectories(installation.home().resolve("runner"));
        Files.writeString(installation.home().resolve("runner/enrolment.json"), "{}");
        assertThat(run("up").code()).isZero();
        assertThat(installation.environmentOf("runner")).doesNotContainKey("NIGHTSAFE_RUNNER_TOKEN");
    }

    @Test
    void where_workers_can_not_be_isolated_init_and_up_say_so_at_once_with_what_to_do() throws IOException {
        Path queue = folder.resolve("my-queue");
        Ran init = Ran.with(installation.environment())
                .variable("PATH", "/nowhere")
                .run("init", queue.toString());
        assertThat(init.code()).as(init.err()).isZero();
        assertThat(init.err())
                .contains("warning: a runner can't isolate its workers on this machine")
                .contains("isn't installed")
                .contains("add the line 'isolation: none' to " + queue.resolve("runner.yaml"));

        Files.createDirectories(installation.home());
        Path runner =
                Files.copy(queue.resolve("runner.yaml"), installation.home().resolve("runner.yaml"));
        Ran up = Ran.with(installation.environment())
                .variable("PATH", "/nowhere")
                .run("up");
        assertThat(up.code()).isEqualTo(1);
        assertThat(up.err())
                .contains("error: a runner can't isolate its workers on this machine: ", "isn't installed")
                .contains("hint: install what is missing, or add the line 'isolation: none' to " + runner)
                .contains("nightsafe up --no-runner");
        assertThat(installation.home().resolve("keeper.env")).doesNotExist();

        Files.writeString(runner, "isolation: none\n", StandardOpenOption.APPEND);
        assertThat(run("up").err()).contains("nightsafe runner ready");
    }

    @Test
    void up_twice_is_refused_politely_and_a_part_that_ended_is_started_again() throws IOException {
        assertThat(run("up").code()).isZero();
        Ran again = run("up");
        assertThat(again.code()).isEqualTo(5);
        assertThat(again.err()).startsWith("error: nightsafe is up already (console " + console.url() + ")");

        ProcessId keeper = process("keeper");
        end(keeper);
        assertThat(run("status").out()).containsPattern("keeper +ended").containsPattern("console +up");
        ProcessId stays = process("console");
        assertThat(run("up").code()).isZero();
        assertThat(process("console")).isEqualTo(stays);
        assertThat(process("keeper").isAlive()).isTrue();
    }

    @Test
    void a_part_that_ends_while_starting_shows_its_log_and_takes_the_others_with_it() throws IOException {
        installation.let("keeper", "dies");
        Ran up = run("up");
        assertThat(up.code()).isEqualTo(1);
        assertThat(up.err())
                .contains("error: the keeper ended while starting (exit code 3); it wrote:")
                .contains("  something is wrong with the keeper");
        assertThat(run("down").out()).startsWith("nothing was running");
    }

    @Test
    void down_stops_what_ignores_the_first_signal_too() throws IOException {
        installation.let("console", "stubborn");
        assertThat(run("up").code()).isZero();
        ProcessId console = process("console");
        Stopper stopper = new Stopper(new RunFolder(installation.home()), java.time.Duration.ofMillis(200));
        assertThat(stopper.stop(Part.CONSOLE)).isEqualTo(Stopper.Outcome.KILLED);
        assertThat(console.isAlive()).isFalse();
        assertThat(stopper.stop(Part.KEEPER)).isEqualTo(Stopper.Outcome.STOPPED);
        assertThat(stopper.stop(Part.RUNNER)).isEqualTo(Stopper.Outcome.NOT_RUNNING);
    }

    @Test
    void down_goes_from_the_runner_to_the_keeper() throws IOException {
        Files.createDirectories(installation.home());
        Files.writeString(installation.home().resolve("runner.yaml"), "keeper: http://127.0.0.1:1\nisolation: none\n");
        assertThat(run("up").code()).isZero();
        assertThat(run("down").out()).isEqualTo("runner stopped\nconsole stopped\nkeeper stopped\n");
    }

    @Test
    void a_stale_pid_file_whose_number_was_given_to_another_process_harms_nobody() throws IOException {
        run("up");
        run("down");
        ProcessId own = ProcessId.running(ProcessHandle.current().pid()).orElseThrow();
        Path pid = installation.home().resolve("run/keeper.pid");
        Files.writeString(pid, new ProcessId(own.pid(), own.start() - 1).line(), StandardCharsets.US_ASCII);
        assertThat(run("down").out()).startsWith("nothing was running");
        assertThat(run("up").code()).isZero();
    }

    @Test
    void parts_have_a_session_of_their_own_so_that_closing_the_terminal_does_not_end_them() throws IOException {
        run("up");
        ProcessId keeper = process("keeper");
        String stat = Files.readString(Path.of("/proc/" + keeper.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        assertThat(fields[3]).isEqualTo(String.valueOf(keeper.pid()));
    }

    private ProcessId process(String part) {
        return ProcessId.read(installation.home().resolve("run/" + part + ".pid"))
                .orElseThrow();
    }

    private static void end(ProcessId process) {
        ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().join();
        assertThat(process.isAlive()).isFalse();
    }

    private Ran run(String... arguments) {
        Map<String, String> environment = installation.environment();
        return Ran.with(environment).run(arguments);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
