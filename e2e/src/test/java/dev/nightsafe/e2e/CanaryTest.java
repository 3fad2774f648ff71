package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * I1: a random value that a task prints, returns and raises is nowhere afterwards but in the worker. Attaching to the
 * processes, which production forbids, is allowed here by a flag, to look at their heaps.
 */
@Tag("slow")
class CanaryTest {
    private static final Installation NIGHTSAFE = new Installation();
    private static final String CANARY = "canary-" + HexFormat.of().formatHex(new SecureRandom().generateSeed(16));
    private static final Path PROGRAMS = Installation.SOURCE.resolve("e2e/src/test/resources/programs");
    /** Nobody listens there. */
    private static final String NOWHERE = "https://127.0.0.1:9/nowhere.git";

    private static final StringBuilder ANSWERS = new StringBuilder();

    @BeforeAll
    static void leak_it_in_every_way() {
        String git = NIGHTSAFE.repositoryFrom(PROGRAMS.resolve("leaky"), "leaky");
        NIGHTSAFE.environment.put("NIGHTSAFE_JAVA_FLAGS", "-XX:-DisableAttachMechanism");
        NIGHTSAFE.write(
                "runner.yaml",
                "keeper: http://127.0.0.1:%d\nisolation: none\nallow:\n  git: [%s, '%s']\n  queues: ['*']\n"
                        .formatted(NIGHTSAFE.keeperPort, git, NOWHERE));
        NIGHTSAFE.run("up");
        NIGHTSAFE.run("vault", "create", "canaries");
        byte[] value = CANARY.getBytes(StandardCharsets.UTF_8);
        assertThat(NIGHTSAFE
                        .attempt(value, "vault", "set", "canaries", "CANARY", "--value-stdin")
                        .exitCode())
                .isZero();
        NIGHTSAFE.write("leaky.yaml", """
                queues:
                  leaky:
                    priority: 1
                    deployment: {git_url: "%s", startup_cmd: python main.py, vaults: [canaries], limits: {max_retry: 1}}
                  dying:
                    priority: 1
                    deployment: {git_url: "%s", startup_cmd: python main.py dies, vaults: [canaries]}
                  unfetched:
                    priority: 1
                    deployment: {git_url: "%s", startup_cmd: python main.py, git_token: "vault://canaries/CANARY"}
                """.formatted(git, git, NOWHERE));
        NIGHTSAFE.run("queue", "apply", NIGHTSAFE.home.resolve("leaky.yaml").toString());
        JsonNode good = NIGHTSAFE.json("task", "submit", "leaky", "--payload", "{}", "--wait", "--timeout", "90");
        assertThat(good.get("state").asString()).isEqualTo("succeeded");
        assertThat(good.get("result").get("raw").asString()).isEqualTo("********");
        assertThat(good.get("report").toString()).contains("summary ********", "title ********");
        ANSWERS.append(good);
        JsonNode bad = ended("raise");
        assertThat(bad.get("error").asString()).contains("failed with ********");
        for (String end : List.of("retry", "die", "garbage")) {
            assertThat(ended(end).get("attempt").asInt()).as(end).isPositive();
        }
        eachStepFails(value);
        for (String command : List.of(
                "vault list",
                "vault show canaries",
                "vault show canaries CANARY",
                "vault history canaries CANARY",
                "queue check leaky",
                "queue inspect leaky",
                "queue inspect dying",
                "queue inspect unfetched",
                "audit export",
                "-o json task list",
                "-o json audit tail -n 1000",
                "-o json runner list",
                "queue list",
                "queue show leaky",
                "task list",
                "runner list",
                "audit tail",
                "token list",
                "status",
                "runner heads",
                "runner logs",
                "runner sent -n 1000")) {
            Installation.Outcome shown = NIGHTSAFE.attempt(new byte[0], command.split(" ", -1));
            assertThat(shown.text() + shown.stderr()).as(command).isNotBlank();
            ANSWERS.append(shown.text()).append(shown.stderr());
        }
        ANSWERS.append(events(bad.get("id").asString()));
        for (String queue : List.of("dying", "unfetched")) {
            NIGHTSAFE.run("queue", "delete", queue, "--force");
        }
    }

    /** A task that leaks in all ways and then ends like this. */
    private static JsonNode ended(String how) {
        String[] submit = {
            "task",
            "submit",
            "leaky",
            "--payload",
            "{\"end\": \"" + how + "\"}",
            "--wait",
            "--timeout",
            "90",
            "-o",
            "json"
        };
        JsonNode task = NIGHTSAFE.attempt(new byte[0], submit).json();
        assertThat(task.get("state").asString()).as(task.toString()).isEqualTo("failed");
        ANSWERS.append(task);
        return task;
    }

    /** Deposits that are refused, values that may not be read back, workers that don't start, code that can't be had. */
    private static void eachStepFails(byte[] value) {
        byte[] large = CANARY.repeat(40_000).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream malformed = new ByteArrayOutputStream();
        malformed.writeBytes("OTHER=\"".getBytes(StandardCharsets.UTF_8));
        malformed.writeBytes(value);
        for (Installation.Outcome refused : List.of(
                NIGHTSAFE.attempt(value, "vault", "set", "missing", "CANARY", "--value-stdin"),
                NIGHTSAFE.attempt(value, "vault", "set", "canaries", "not a key", "--value-stdin"),
                NIGHTSAFE.attempt(large, "vault", "set", "canaries", "LARGE", "--value-stdin"),
                NIGHTSAFE.attempt(malformed.toByteArray(), "vault", "import", "canaries", "-"),
                NIGHTSAFE.attempt(new byte[0], "vault", "get", "canaries", "CANARY"),
                NIGHTSAFE.attempt(new byte[0], "vault", "export", "canaries"),
                NIGHTSAFE.attempt(new byte[0], "--debug", "vault", "get", "canaries", "MISSING", "--yes"))) {
            assertThat(refused.exitCode()).as(refused.stderr()).isNotZero();
            ANSWERS.append(refused.text()).append(refused.stderr());
        }
        for (String queue : List.of("dying", "unfetched")) {
            Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
                while (!NIGHTSAFE.json("queue", "inspect", queue).toString().contains("degraded")) {
                    Thread.onSpinWait();
                }
            });
        }
    }

    /** What is told of a task by server-sent events. */
    private static String events(String task) {
        URI uri = URI.create(
                "http://127.0.0.1:" + NIGHTSAFE.consolePort + "/api/v1/workspaces/default/tasks/" + task + "/events");
        try (HttpClient http = HttpClient.newHttpClient()) {
            String token = Files.readString(NIGHTSAFE.home.resolve("cli/token")).strip();
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Authorization", "Bearer " + token)
                    .timeout(Duration.ofSeconds(60))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("data: ");
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void stop() {
        NIGHTSAFE.close();
    }

    @Test
    void I1_it_is_in_no_answer_of_the_api() {
        assertThat(occurrences(ANSWERS.toString().getBytes(StandardCharsets.UTF_8)))
                .isZero();
        assertThat(ANSWERS.toString()).contains("********").contains("CANARY");
    }

    @Test
    void I1_it_is_in_no_file_of_the_platform_or_the_runner() throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(NIGHTSAFE.home)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (occurrences(Files.readAllBytes(file)) > 0) {
                found.add(file.toString());
            }
        }
        assertThat(found).isEmpty();
        assertThat(files).anyMatch(file -> file.endsWith("console/console.db"));
        assertThat(files)
                .anyMatch(file ->
                        file.toString().contains("leaky") && file.toString().endsWith(".log"));
    }

    @Test
    void I1_it_is_not_in_the_console_s_heap_or_memory() throws Exception {
        long pid = NIGHTSAFE.pid("console");
        assertThat(occurrences(heap(pid))).isZero();
        assertThat(memory(pid)).isZero();
    }

    @Test
    void I1_a_minute_after_the_worker_ended_keeper_and_runner_hold_it_in_no_live_object() throws Exception {
        NIGHTSAFE.run("queue", "delete", "leaky");
        new CountDownLatch(1).await(65, TimeUnit.SECONDS);
        for (String part : List.of("keeper", "runner")) {
            long pid = NIGHTSAFE.pid(part);
            assertThat(occurrences(heap(pid))).as("live objects of the " + part).isZero();
            System.out.printf("occurrences in /proc/PID/mem of the %s: %d%n", part, memory(pid));
        }
    }

    @Test
    void the_search_finds_what_is_there() {
        assertThat(occurrences(("x" + CANARY).getBytes(StandardCharsets.UTF_8))).isEqualTo(1);
        assertThat(occurrences(CANARY.getBytes(StandardCharsets.UTF_16LE))).isEqualTo(1);
        assertThat(occurrences(Base64.getEncoder().encode(CANARY.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(1);
    }

    private static byte[] heap(long pid) throws IOException {
        Path dump = NIGHTSAFE.home.resolveSibling("heap-" + pid + ".hprof");
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Installation.Outcome outcome = NIGHTSAFE.attempt(
                new byte[0], List.of(jcmd.toString(), Long.toString(pid), "GC.heap_dump", dump.toString()));
        assertThat(outcome.exitCode()).as(outcome.text() + outcome.stderr()).isZero();
        byte[] bytes = Files.readAllBytes(dump);
        Files.delete(dump);
        assertThat(bytes.length).isGreaterThan(1_000_000);
        return bytes;
    }

    private static int memory(long pid) throws IOException {
        int found = 0;
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
                String[] fields = line.split("\\s+", -1);
                if (fields[1].startsWith("r") && !line.contains("[v")) {
                    String[] range = fields[0].split("-", -1);
                    found += occurrences(
                            memory, Long.parseUnsignedLong(range[0], 16), Long.parseUnsignedLong(range[1], 16));
                }
            }
        }
        return found;
    }

    private static int occurrences(RandomAccessFile memory, long from, long to) {
        int found = 0;
        byte[] chunk = new byte[1 << 22];
        for (long at = from; at < to; at += chunk.length - 256) {
            int length = (int) Math.min(chunk.length, to - at);
            try {
                memory.seek(at);
                memory.readFully(chunk, 0, length);
            } catch (IOException e) {
                continue; // not backed by memory
            }
            found += occurrences(length == chunk.length ? chunk : java.util.Arrays.copyOf(chunk, length));
        }
        return found;
    }

    /** How often the canary is in there: as it is, in UTF-16, base64, or hex. */
    private static int occurrences(byte[] bytes) {
        byte[] value = CANARY.getBytes(StandardCharsets.UTF_8);
        int found = 0;
        for (byte[] form : List.of(
                value,
                CANARY.getBytes(StandardCharsets.UTF_16LE),
                Base64.getEncoder().encode(value),
                HexFormat.of().formatHex(value).getBytes(StandardCharsets.UTF_8))) {
            found += count(bytes, form);
        }
        return found;
    }

    private static int count(byte[] bytes, byte[] form) {
        int found = 0;
        for (int i = 0; i <= bytes.length - form.length; i++) {
            if (bytes[i] == form[0] && java.util.Arrays.equals(bytes, i, i + form.length, form, 0, form.length)) {
                found++;
            }
        }
        return found;
    }
}
