package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.keys.MasterKeyRing;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.link.Link;
import dev.nightsafe.testkit.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keeper as a process. */
class KeeperMainTest {
    private static final Pattern READY = Pattern.compile(
            "nightsafe keeper ready on http://127\\.0\\.0\\.1:([0-9]+), root sha256:[0-9a-f]{64}, vaults (.*)");

    @TempDir
    Path home;

    @BeforeEach
    void link() {
        Link.create(home.resolve("console"), home.resolve("keeper"));
    }

    @Test
    void it_says_one_line_when_it_is_ready_and_stops_on_SIGTERM() throws Exception {
        MasterKeyRing.addVersion(home.resolve("master.keys"));
        Process process = start("--master-keys", home.resolve("master.keys").toString());
        try (BufferedReader out = process.inputReader()) {
            Matcher ready = READY.matcher(String.valueOf(out.readLine()));
            assertThat(ready.matches()).isTrue();
            assertThat(ready.group(2)).isEqualTo("enabled");
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        }
    }

    @Test
    void without_a_master_key_it_starts_and_says_why_vaults_are_disabled() throws Exception {
        Process process = start();
        try (BufferedReader out = process.inputReader()) {
            Matcher ready = READY.matcher(String.valueOf(out.readLine()));
            assertThat(ready.matches()).isTrue();
            assertThat(ready.group(2)).startsWith("disabled (no master key");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_wrong_master_key_ends_it_with_2_and_one_sentence() throws Exception {
        MasterKeyRing.addVersion(home.resolve("master.keys"));
        Process first = start("--master-keys", home.resolve("master.keys").toString());
        try (BufferedReader out = first.inputReader()) {
            assertThat(out.readLine()).contains("enabled");
        }
        first.destroy();
        first.waitFor();
        MasterKeyRing.addVersion(home.resolve("other.keys"));
        assertThat(failing("--master-keys", home.resolve("other.keys").toString()))
                .startsWith("nightsafe keeper: the master key is not the one")
                .hasLineCount(1);
    }

    @Test
    void an_unknown_or_malformed_setting_ends_it_with_2_and_names_it() throws Exception {
        assertThat(failing("--colour", "blue")).contains("unknown setting 'colour'");
        assertThat(failing("--listen", "everywhere")).contains("'listen'");
        assertThat(failing("--lease-secs", "0")).contains("'lease-secs'");
        assertThat(failing("--tls-key", "x")).contains("tls-certificate");
        assertThat(failing("--database", "mysql://x")).contains("sqlite:");
    }

    @Test
    void a_folder_without_a_link_ends_it_with_a_sentence() throws Exception {
        assertThat(failing("--folder", home.resolve("elsewhere").toString())).contains("link");
    }

    @Test
    void a_port_that_is_taken_ends_it_with_2_and_names_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(failing("--listen=127.0.0.1:" + taken.getLocalPort()))
                    .contains("can't listen")
                    .contains(String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void training_ends_with_0() throws Exception {
        Process process = ChildJvm.of(List.of(), KeeperMain.class, "--train")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void stopping_ends_waiting_polls_with_an_answer_in_less_than_two_seconds() throws Exception {
        KeeperLifeCase life = new KeeperLifeCase() {};
        life.home = home;
        life.start(Map.of());
        ConsoleRole.Queue queue = life.console.queue(life.workspace, "q", KeeperLifeCase.deployment());
        RunnerRole runner = life.runner("r1", "q");
        KeeperApi.ServingLease lease = runner.lease();
        KeeperApi.Serving serving = runner.serving();
        String task = life.console.submit(queue, "1").id();
        runner.takeOne(lease);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> polls = new ArrayList<>();
            polls.add(executor.submit(() -> runner.take(lease, 1, 30_000)));
            polls.add(executor.submit(() -> runner.serving(serving.revision(), 30_000)));
            polls.add(executor.submit(() -> life.console.task(queue, task, 60)));
            while (life.keeper.waitedFor().size() < polls.size()) {
                Thread.onSpinWait();
            }
            long before = System.nanoTime();
            life.keeper.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
            for (Future<?> poll : polls) {
                poll.get();
            }
        }
        life.stop();
    }

    /** Helidon's listener ends for good when a connection can't be accepted. */
    @Test
    void with_more_connections_than_open_files_it_goes_on() throws Exception {
        Process process = start(List.of("prlimit", "--nofile=400"));
        List<Socket> all = new ArrayList<>();
        try (BufferedReader out = process.inputReader();
                HttpClient http = HttpClient.newHttpClient()) {
            Matcher ready = READY.matcher(String.valueOf(out.readLine()));
            assertThat(ready.matches()).isTrue();
            int port = Integer.parseInt(ready.group(1));
            for (int i = 0; i < 500; i++) {
                all.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            for (Socket each : all) {
                each.close();
            }
            HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/health"))
                    .build();
            assertThat(http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        } finally {
            for (Socket each : all) {
                each.close();
            }
            process.destroy();
        }
    }

    private String failing(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        return said;
    }

    private Process start(String... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    private Process start(List<String> launcher, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--listen=127.0.0.1:0", "--internal-listen=127.0.0.1:0"));
        all.addAll(List.of(arguments));
        ProcessBuilder builder = ChildJvm.of(launcher, KeeperMain.class, all.toArray(new String[0]))
                .redirectError(ProcessBuilder.Redirect.PIPE);
        builder.environment().remove("NIGHTSAFE_MASTER_KEY");
        builder.environment().put("NIGHTSAFE_HOME", home.toString());
        return builder.start();
    }
}
