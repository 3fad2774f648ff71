package dev.nightsafe.cli.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A console that keeps everything in memory and tells stable times and ids. Its locks and certificates are real, under a
 * root that is the same in each run; {@link #behaviour} makes it misbehave.
 */
public final class FakeConsole implements AutoCloseable {
    public static final String TIME = "2026-11-22T10:00:00.125Z";

    private final HttpServer server;
    private final Ed25519.Signer root = signer((byte) 7);
    private final String token = OpaqueToken.generate(OpaqueToken.API);
    private final Behaviour behaviour = new Behaviour();
    private final FakeState state = new FakeState(this);

    /** How it goes wrong. */
    public static final class Behaviour {
        /** Answers that many deposits with a conflict first. */
        public int conflicts;

        /** Of this kind. */
        public ProblemCode conflict = ProblemCode.VERSION_CONFLICT;

        /** Shows this root instead of its own, and certifies by it. */
        public Ed25519.@Nullable Signer otherRoot;

        /** Certifies another vault's lock. */
        public boolean forgedCertificate;

        /** The vault whose locks are handed out, whichever is asked for; empty for the right ones. */
        public String locksOf = "";

        /** Answered as the name of a vault that was just made, unless it is empty. */
        public String nameOfMade = "";

        /** Answers everything but the status so. */
        public @Nullable ProblemCode problem;

        /** Deposits that came in. */
        public int deposits;
    }

    public FakeConsole() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api/v1/", this::handle);
        server.start();
    }

    public static Ed25519.Signer signer(byte seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, seed);
        try (SecretBytes key = SecretBytes.takeFrom(bytes)) {
            return new Ed25519.Signer(key);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String token() {
        return token;
    }

    public String rootFingerprint() {
        return root.publicKey().fingerprint();
    }

    public Behaviour behaviour() {
        return behaviour;
    }

    public FakeVault vault(String name) {
        return state.vault(name);
    }

    public FakeState state() {
        return state;
    }

    Ed25519.Signer root() {
        return behaviour.otherRoot != null ? behaviour.otherRoot : root;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (NightsafeException e) {
                answer = new Answer(e.code().status(), Problem.of(e));
            }
            if (answer.body() instanceof String events) {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
                return;
            }
            byte[] body = answer.body() == null ? new byte[0] : Json.write(answer.body());
            boolean problem = answer.status() >= 400;
            exchange.getResponseHeaders().set("Content-Type", problem ? Problem.MEDIA_TYPE : "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!given.equals("Bearer " + token)) {
            throw Answer.problem(ProblemCode.UNAUTHENTICATED, "this token is not valid");
        }
        String path = exchange.getRequestURI().getPath().substring("/api/v1/".length());
        if (behaviour.problem != null && !path.equals("status")) {
            throw Answer.problem(behaviour.problem, "as the test wants it");
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        String query = exchange.getRequestURI().getQuery();
        List<String> segments = List.of(path.split("/"));
        return new FakeRoutes(state, query == null ? "" : query, body).answer(exchange.getRequestMethod(), segments);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
