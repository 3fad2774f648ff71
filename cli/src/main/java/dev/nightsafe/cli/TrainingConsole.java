package dev.nightsafe.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** Answers on this machine, while a {@link Training} runs, what the usual commands ask; anything else isn't found. */
final class TrainingConsole implements AutoCloseable {
    private static final String NOW = "2026-01-01T00:00:00Z";

    /** By the last segment of the path. */
    private static final Map<String, Object> ANSWERS = Map.of(
            "status", new ConsoleApi.Status("1", "enabled", null, true, "sha256:" + "0".repeat(64), List.of()),
            "whoami", new ConsoleApi.WhoAmI("t", "training", null, List.of("vault.read"), NOW),
            "vaults",
                    items(
                            new ConsoleApi.VaultSummary("v", "keys", "of services", "platform", 1, 0, NOW, NOW),
                            new ConsoleApi.VaultSummary("w", "more", "", "platform", 0, 0, NOW, NOW)),
            "runners",
                    items(new ConsoleApi.Runner(
                            "r",
                            "here",
                            "local",
                            List.of("q"),
                            "online",
                            "none",
                            NOW,
                            NOW,
                            List.of(new ConsoleApi.Serving("q", "ready", null)),
                            List.of(),
                            null)),
            "queues", items(),
            "tasks", items());

    private final HttpServer server;

    TrainingConsole() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("the training's console can't listen", e);
        }
        server.createContext("/", TrainingConsole::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static ConsoleApi.Items<Object> items(Object... items) {
        return new ConsoleApi.Items<>(List.of(items));
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean asks = exchange.getRequestMethod().equals("GET");
            Object answer = asks ? ANSWERS.get(path.substring(path.lastIndexOf('/') + 1)) : null;
            boolean found = answer != null;
            byte[] body = Json.write(answer == null ? Problem.of(ProblemCode.NOT_FOUND, "training") : answer);
            exchange.getResponseHeaders().set("Content-Type", found ? "application/json" : Problem.MEDIA_TYPE);
            exchange.sendResponseHeaders(found ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
