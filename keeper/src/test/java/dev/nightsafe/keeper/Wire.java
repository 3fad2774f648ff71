package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** HTTP for tests; every answer is held to the API's description. */
final class Wire implements AutoCloseable {
    private final Spec spec;
    private final URI base;
    private final HttpClient http;

    Wire(Spec spec, URI base, @Nullable SSLContext tls) {
        this.spec = spec;
        this.base = base;
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        this.http = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    /** An answer, whatever its status. */
    record Answer(int status, HttpHeaders headers, byte[] body) {
        <T> T as(Class<T> type) {
            assertThat(status).as("%s", this).isEqualTo(200);
            return Json.read(body, type);
        }

        Problem problem() {
            return Json.read(body, Problem.class);
        }

        /** Asserts that it is this problem, and gives what it says. */
        String refusedWith(ProblemCode code) {
            assertThat(status).as("%s", this).isEqualTo(code.status());
            assertThat(problem().code()).isEqualTo(code.code());
            return problem().detail();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        @Override
        public String toString() {
            return status
                    + (status < 400
                            ? ""
                            : " " + problem().code() + ": " + problem().detail());
        }
    }

    /** @param body an object for JSON, bytes as they are, or null for none */
    Answer send(String method, String path, @Nullable Object body, @Nullable String bearer) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(90))
                .method(
                        method,
                        switch (body) {
                            case null -> HttpRequest.BodyPublishers.noBody();
                            case byte[] bytes -> HttpRequest.BodyPublishers.ofByteArray(bytes);
                            default -> HttpRequest.BodyPublishers.ofByteArray(Json.write(body));
                        });
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Answer answer = new Answer(response.statusCode(), response.headers(), response.body());
            spec.check(method, path, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
