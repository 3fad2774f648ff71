package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A running installation, and what a class of tests does to it over HTTP, with the first token, and by the command. */
final class Playground implements AutoCloseable {
    static final String DEFAULT = "/api/v1/workspaces/default";

    private static final Path PROGRAMS = Installation.SOURCE.resolve("e2e/src/test/resources/programs");
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    final Installation nightsafe = new Installation();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Map<String, Integer> applied = new HashMap<>();

    /** An answer, whatever it is. */
    record Answer(int status, String type, String text) {
        JsonNode json() {
            return Json.readTree(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Checks that it is a problem document with this status and code, and gives its detail. */
        String problem(int expected, String code) {
            assertThat(status).as(text).isEqualTo(expected);
            assertThat(type).startsWith("application/problem+json");
            assertThat(json().get("code").asString()).as(text).isEqualTo(code);
            return json().get("detail").asString();
        }
    }

    /** The URL of a repository with one of the test programs. */
    String program(String name) {
        return nightsafe.repositoryFrom(PROGRAMS.resolve(name), name);
    }

    /** Starts keeper, console and a runner that allows these repositories. */
    void up(List<String> repositories) {
        nightsafe.write(
                "runner.yaml",
                "keeper: http://127.0.0.1:%d\nisolation: none\nallow:\n  queues: ['*']\n  git:\n%s"
                        .formatted(
                                nightsafe.keeperPort,
                                repositories.stream()
                                        .map(url -> "  - " + url + "\n")
                                        .collect(Collectors.joining())));
        nightsafe.run("up");
    }

    /** Sends a request as it is; the path isn't normalized. */
    Answer call(String method, String path, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + nightsafe.consolePort + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token())
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (body.length > 0) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer call(String method, String path, Object body) {
        return call(method, path, Json.write(body));
    }

    Answer call(String method, String path, String body) {
        return call(method, path, body.getBytes(StandardCharsets.UTF_8));
    }

    Answer get(String path) {
        return call("GET", path, new byte[0]);
    }

    /** Makes the vault if it isn't there, and deposits by the command. */
    void set(String vault, String key, byte[] value) {
        call("POST", DEFAULT + "/vaults", Map.of("name", vault));
        Installation.Outcome outcome = nightsafe.attempt(value, "vault", "set", vault, key, "--value-stdin");
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
    }

    void set(String vault, String key, String value) {
        set(vault, key, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Applies a queue, whose tasks get one attempt unless {@code more} says otherwise; each time another deployment, so that
     * its workers start anew. */
    void apply(String queue, String gitUrl, String command, String vaults, String more) {
        Path file = nightsafe.write(queue + ".queue.yaml", """
                queues:
                  %s:
                    priority: 1
                    deployment:
                      git_url: "%s"
                      startup_cmd: %s
                      vaults: %s
                      redis_storage: %s
                      %s
                      %s
                """.formatted(
                        queue,
                        gitUrl,
                        command,
                        vaults,
                        applied.merge(queue, 1, Integer::sum) % 2 == 0,
                        more.contains("limits:") ? "" : "limits: {max_retry: 0}",
                        more));
        nightsafe.run("queue", "apply", file.toString());
    }

    /** Submits a task and gives its id. */
    String submit(String queue, Object payload) {
        Answer answer = call("POST", DEFAULT + "/queues/" + queue + "/tasks", Map.of("payload", payload));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().get("id").asString();
    }

    /** Waits for a task's end. */
    JsonNode ended(String task) {
        return await(task, "its end", now -> ENDED.contains(now.get("state").asString()));
    }

    /** Waits until a task that doesn't run says why, in these words. */
    JsonNode waiting(String task, String why) {
        return await(
                task,
                "'" + why + "'",
                now -> now.get("state").asString().equals("pending")
                        && now.get("reason").toString().contains(why));
    }

    /** Waits until a task is as it should be. */
    JsonNode await(String task, String what, Predicate<JsonNode> condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        JsonNode now = get(DEFAULT + "/tasks/" + task).json();
        while (!condition.test(now)) {
            assertThat(System.nanoTime()).as("waited for %s of %s", what, now).isLessThan(until);
            now = get(DEFAULT + "/tasks/" + task + "?wait=1").json();
        }
        return now;
    }

    /** The newest audit events of both chains. */
    String audit() {
        return get(DEFAULT + "/audit?limit=1000").text();
    }

    /** Everything that any part logged, workers' output too. */
    String logs() {
        StringBuilder logs = new StringBuilder();
        for (String folder : List.of("logs", "runner/logs")) {
            try (Stream<Path> files = Files.walk(nightsafe.home.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    logs.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return logs.toString();
    }

    /** Checks that the main job is still done and that nobody lost or altered an audit event. */
    void requireWhole() {
        String marker = "whole-" + applied.size();
        set("whole", "TOKEN", marker);
        apply("whole", "file://" + nightsafe.home.resolve("repositories/fingerprint"), "python main.py", "[whole]", "");
        JsonNode task = ended(submit("whole", Map.of("variables", List.of("TOKEN"))));
        assertThat(task.get("result").get("TOKEN").asString())
                .isEqualTo(dev.nightsafe.core.signing.Digests.sha256Hex(marker));
        assertThat(nightsafe.run("audit", "verify").text()).contains("console").contains("keeper");
    }

    private String token() {
        try {
            return Files.readString(nightsafe.home.resolve("cli/token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        nightsafe.close();
    }
}
