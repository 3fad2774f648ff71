package dev.nightsafe.protocol.http;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls one of the three APIs with JSON bodies. Problem documents become {@link NightsafeException}s with the same code
 * and detail; a server that can't be reached is {@link ProblemCode#UNREACHABLE}. Never follows redirects. Thread-safe.
 */
public final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final HttpClient http;
    private final URI base;
    private final @Nullable String proxyAuthorization;
    private final Supplier<Optional<String>> bearer;

    /** Without credentials for a proxy. */
    public ApiClient(
            URI base, @Nullable SSLContext tls, @Nullable ProxySelector proxy, Supplier<Optional<String>> bearer) {
        this(base, tls, proxy, null, bearer);
    }

    /**
     * @param base scheme, host and port
     * @param tls whom to trust and who we are, or null for the JDK's defaults (for http: nobody)
     * @param proxy for calls that leave the machine, or null for none
     * @param proxyAuthorization what the proxy, and nobody else, is told in its header; null for nothing
     * @param bearer asked before each call
     */
    public ApiClient(
            URI base,
            @Nullable SSLContext tls,
            @Nullable ProxySelector proxy,
            @Nullable String proxyAuthorization,
            Supplier<Optional<String>> bearer) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                // What is left to do when an answer comes is short, and nothing here waits: a thread of its own would
                // cost more.
                .executor(Runnable::run)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (tls != null) {
            builder.sslContext(tls);
        } else if ("http".equals(base.getScheme())) {
            builder.sslContext(NoTls.context());
        }
        if (proxy != null) {
            builder.proxy(proxy);
        }
        this.http = builder.build();
        this.base = base;
        this.proxyAuthorization = proxyAuthorization;
        this.bearer = bearer;
    }

    /** A path segment, percent-encoded. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public <T> T get(String path, Class<T> type) {
        return call("GET", path, null, type, Duration.ZERO);
    }

    public <T> T post(String path, Object body, Class<T> type) {
        return call("POST", path, body, type, Duration.ZERO);
    }

    public <T> T put(String path, Object body, Class<T> type) {
        return call("PUT", path, body, type, Duration.ZERO);
    }

    public void delete(String path) {
        send("DELETE", path, null, Duration.ZERO);
    }

    /**
     * As the others, for a long poll.
     *
     * @param body null for none
     * @param wait how long the server may take on top of the usual 30 s; negative for less
     */
    public <T> T call(String method, String path, @Nullable Object body, Class<T> type, Duration wait) {
        return Json.read(send(method, path, body, wait), type);
    }

    /** The body of a successful answer. */
    public byte[] send(String method, String path, @Nullable Object body, Duration wait) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER.plus(wait))
                .method(method, publisher(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (proxyAuthorization != null) {
            request.header("Proxy-Authorization", proxyAuthorization);
        }
        bearer.get().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 == 2) {
                return response.body();
            }
            throw problem(response, response.body());
        } catch (IOException e) {
            throw Unreachable.problem(base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NightsafeException(ProblemCode.UNREACHABLE, "interrupted while waiting for " + base, e);
        }
    }

    /**
     * A GET whose answer comes line by line, such as server-sent events.
     *
     * @param line gets each line, and says whether it wants more
     * @param limit after which the answer is broken off
     * @return true when {@code line} wanted no more; false when the answer ended or was broken off before
     */
    public boolean lines(String path, Duration limit, Predicate<String> line) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER)
                .header("Accept", "text/event-stream, application/json");
        if (proxyAuthorization != null) {
            request.header("Proxy-Authorization", proxyAuthorization);
        }
        bearer.get().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            return lines(response, limit, line);
        } catch (IOException e) {
            throw Unreachable.problem(base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NightsafeException(ProblemCode.UNREACHABLE, "interrupted while waiting for " + base, e);
        }
    }

    private boolean lines(HttpResponse<InputStream> response, Duration limit, Predicate<String> line)
            throws IOException {
        try (InputStream body = response.body()) {
            if (response.statusCode() / 100 != 2) {
                throw problem(response, body.readAllBytes());
            }
            Executor later = CompletableFuture.delayedExecutor(
                    Math.max(limit.toMillis(), 1),
                    TimeUnit.MILLISECONDS,
                    command -> Thread.ofVirtual().start(command));
            CompletableFuture<Void> breakOff = CompletableFuture.runAsync(() -> close(body), later);
            try {
                BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
                for (String read = reader.readLine(); read != null; read = reader.readLine()) {
                    if (!line.test(read)) {
                        return true;
                    }
                }
            } catch (IOException e) {
                return false; // broken off, by us or by the network: the caller may ask again
            } finally {
                breakOff.cancel(false);
            }
            return false;
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // It is broken off either way.
        }
    }

    private static HttpRequest.BodyPublisher publisher(@Nullable Object body) {
        return switch (body) {
            case null -> HttpRequest.BodyPublishers.noBody();
            case byte[] bytes -> HttpRequest.BodyPublishers.ofByteArray(bytes);
            default -> HttpRequest.BodyPublishers.ofByteArray(Json.write(body));
        };
    }

    private NightsafeException problem(HttpResponse<?> response, byte[] body) {
        boolean document =
                response.headers().firstValue("Content-Type").orElse("").startsWith(Problem.MEDIA_TYPE);
        if (document) {
            return Json.read(body, Problem.class).toException();
        }
        if (response.statusCode() == Unreachable.PROXY_WANTS_CREDENTIALS) {
            return Unreachable.byProxy(base);
        }
        return new NightsafeException(
                ProblemCode.INTERNAL, base + " answered " + response.statusCode() + " without a problem document");
    }

    @Override
    public void close() {
        http.close();
    }
}
