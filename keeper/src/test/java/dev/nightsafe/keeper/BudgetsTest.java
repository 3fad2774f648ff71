package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Gate;
import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.keeper.platform.BodyBudget;
import dev.nightsafe.keeper.platform.HttpServer;
import dev.nightsafe.keeper.platform.ReadDeadlines;
import dev.nightsafe.keeper.platform.Router;
import dev.nightsafe.protocol.link.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner that asks for more than its share: it is told so, and the others are served. */
class BudgetsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch parked = new CountDownLatch(2);
    private final CountDownLatch awake = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() {
        Link.create(home.resolve("console"), home.resolve("keeper"));
        Router router = new Router(
                List.of(
                        new Route(Route.Server.KEEPER, "POST", "/park", new Gate.Runner()),
                        new Route(Route.Server.KEEPER, "POST", "/send", new Gate.Runner())),
                Map.of("POST /park", (Answering.ForRunner) (call, runner) -> park(), "POST /send", (Answering.ForRunner)
                        (call, runner) -> call.body(Map.class)),
                token -> new Answering.Caller(Objects.requireNonNull(token), () -> runner(token)),
                new ReadDeadlines(LONG, LONG, LONG),
                new Router.Budgets(
                        new BodyBudget(64 << 10, 128 << 10, Duration.ZERO),
                        new Shares("requests", 2, 3, Duration.ZERO)));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new HttpServer(
                router,
                any,
                null,
                router,
                any,
                Link.serverContext(home.resolve("keeper")),
                new ReadDeadlines(LONG, LONG, LONG));
    }

    @AfterEach
    void stop() {
        awake.countDown();
        server.close();
        http.close();
    }

    @Test
    void its_requests_are_refused_until_one_of_them_is_answered_and_another_runner_is_served() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> polls = List.of(later("/park", "a"), later("/park", "a"));
        parked.await();
        requireRefused(send("/send", "a", "{}"), 429, "too-many-requests");
        assertThat(send("/send", "b", "{}").statusCode()).isEqualTo(200);
        awake.countDown();
        for (CompletableFuture<HttpResponse<String>> poll : polls) {
            assertThat(poll.get().statusCode()).isEqualTo(200);
        }
        assertThat(send("/send", "a", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void a_large_body_beyond_its_share_is_refused() throws Exception {
        requireRefused(send("/send", "a", "{\"a\":\"" + "x".repeat(100 << 10) + "\"}"), 429, "too-many-requests");
        assertThat(send("/send", "a", "{\"a\":\"" + "x".repeat(60 << 10) + "\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    private Object park() {
        parked.countDown();
        try {
            awake.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Map.of();
    }

    private static void requireRefused(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains("\"" + code + "\"");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    private CompletableFuture<HttpResponse<String>> later(String path, String token) {
        return http.sendAsync(request(path, token, "{}"), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String path, String token, String body) throws IOException, InterruptedException {
        return http.send(request(path, token, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String token, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static Runners.Row runner(String id) {
        return new Runners.Row(id, "w", id, "site", "[\"*\"]", new byte[32], "none", 0, null, null, null, new byte[32]);
    }
}
