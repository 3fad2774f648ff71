package dev.nightsafe.e2e.faults;

import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.e2e.faults.Event.Outcome;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The console's API as a client sees it that makes no assumption about what it wasn't told. Thread-safe. */
final class Api implements AutoCloseable {
    private static final String WORKSPACE = "/api/v1/workspaces/default";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Nothing was done, and nothing will be. */
    private static final Set<String> REFUSALS =
            Set.of("version-conflict", "database-unavailable", "overloaded", "vaults-not-configured");
    /** Whether it was done isn't said. */
    private static final Set<String> DOUBTS = Set.of("outcome-unknown", "keeper-unavailable");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String server;
    private final String token;
    private final History history;

    /** @param body of an answer that was a success, or a missing node */
    record Answer(Outcome outcome, JsonNode body) {
        static final Answer UNKNOWN = new Answer(Outcome.UNKNOWN, MissingNode.getInstance());

        boolean isDone() {
            return outcome == Outcome.DONE;
        }
    }

    Api(int port, String token, History history) {
        this.server = "http://127.0.0.1:" + port;
        this.token = token;
        this.history = history;
    }

    Answer get(String path) {
        return call("GET", path, null);
    }

    /** An answer that no fault excuses stands in the history. */
    Answer call(String method, String path, @Nullable Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + WORKSPACE + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Json.write(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 == 2) {
                return new Answer(
                        Outcome.DONE,
                        response.body().length == 0 ? MissingNode.getInstance() : Json.readTree(response.body()));
            }
            return failed(method + " " + path, response);
        } catch (IOException e) {
            return Answer.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.UNKNOWN;
        }
    }

    private Answer failed(String request, HttpResponse<byte[]> response) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        String code = response.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json")
                ? Json.readTree(response.body()).get("code").asString()
                : "";
        if (REFUSALS.contains(code)) {
            return new Answer(Outcome.REFUSED, MissingNode.getInstance());
        }
        if (!DOUBTS.contains(code)) {
            history.add(new Event.Strange(History.now(), request, response.statusCode() + " " + text));
        }
        return Answer.UNKNOWN;
    }

    /** Deposits a value; the answer's body has the version. Nothing was done when there was no lock to seal with. */
    Answer deposit(String vault, String key, byte[] value) {
        String path = "/vaults/" + vault + "/secrets/" + key;
        Answer answer = get(path + "/lock");
        if (!answer.isDone()) {
            return new Answer(Outcome.REFUSED, MissingNode.getInstance());
        }
        ConsoleApi.LockForDeposit offered = Json.MAPPER.treeToValue(answer.body(), ConsoleApi.LockForDeposit.class);
        Lock lock = new Lock(Suite.of(offered.suite()), Base64.getDecoder().decode(offered.publicKey()));
        DepositBinding binding =
                new DepositBinding(offered.workspaceId(), offered.vaultId(), key, offered.nextVersion(), true);
        try (SecretBytes secret = SecretBytes.takeFrom(value)) {
            byte[] box = Sealing.seal(lock, binding, secret);
            return call(
                    "PUT",
                    path,
                    new ConsoleApi.Deposit(
                            offered.suite(),
                            offered.lock(),
                            offered.nextVersion(),
                            Base64.getEncoder().encodeToString(box),
                            true,
                            null,
                            null,
                            null));
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
