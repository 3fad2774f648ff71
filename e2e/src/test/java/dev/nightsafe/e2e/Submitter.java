package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Submits one task after the other until it is told to stop, and remembers what the console answered to each. */
final class Submitter implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TASK = "{\"payload\": {\"variables\": [\"TOKEN\"]}}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String workspace;
    private final String token;
    private final Thread thread;
    private final List<String> accepted = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private boolean stopped;
    private @Nullable Throwable failure;

    /** A problem document. */
    record Refusal(int status, String code) {}

    Submitter(Installation nightsafe, String queue) throws IOException {
        workspace = "http://127.0.0.1:" + nightsafe.consolePort + "/api/v1/workspaces/default";
        token = Files.readString(nightsafe.home.resolve("cli/token")).strip();
        thread = Thread.ofVirtual().start(() -> submit(workspace + "/queues/" + queue + "/tasks"));
    }

    private void submit(String url) {
        try {
            while (!isStopped()) {
                answered(send("POST", url, TASK));
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void answered(HttpResponse<byte[]> response) {
        JsonNode body = Json.readTree(response.body());
        if (response.statusCode() == 201) {
            accepted.add(body.get("id").asString());
        } else {
            refusals.add(new Refusal(response.statusCode(), body.get("code").asString()));
        }
        notifyAll();
    }

    private synchronized void failed(Throwable e) {
        failure = e;
        notifyAll();
    }

    /** Returns when so many more were accepted. */
    synchronized void awaitAccepted(int more) throws InterruptedException {
        awaitSize(accepted, accepted.size() + more);
    }

    /** Returns when so many more were refused. */
    synchronized void awaitRefused(int more) throws InterruptedException {
        awaitSize(refusals, refusals.size() + more);
    }

    private synchronized void awaitSize(List<?> list, int size) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (list.size() < size) {
            assertThat(failure).isNull();
            long left = Duration.between(Instant.now(), end).toMillis();
            assertThat(left)
                    .as("%s accepted, refused: %s", accepted.size(), refusals)
                    .isPositive();
            wait(left);
        }
    }

    /** Returns when the last answer is there. */
    void stop() throws InterruptedException {
        synchronized (this) {
            stopped = true;
        }
        thread.join();
        assertThat(failure).isNull();
    }

    synchronized List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    /** After {@link #stop}: every task that was accepted is there and ends well. */
    void awaitSucceeded(Duration patience) throws IOException {
        Instant end = Instant.now().plus(patience);
        for (String id : accepted) {
            JsonNode task;
            do {
                assertThat(Instant.now()).as("task " + id).isBefore(end);
                HttpResponse<byte[]> response = send("GET", workspace + "/tasks/" + id + "?wait=20", null);
                assertThat(response.statusCode()).as("task " + id).isEqualTo(200);
                task = Json.readTree(response.body());
            } while (task.get("finishedAt").isNull());
            assertThat(task.get("state").asString()).as(task.toString()).isEqualTo("succeeded");
        }
    }

    private HttpResponse<byte[]> send(String method, String url, @Nullable String body) throws IOException {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop();
        http.close();
    }
}
