package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadRequestsTest {
    private static final String CANARY = "canary5f2e";
    private static final String VAULTS = RunningConsole.DEFAULT + "/vaults";
    private static final int MIB = 1 << 20;

    @TempDir
    static Path home;

    static RunningConsole console;

    @BeforeAll
    static void start() throws IOException {
        console = new RunningConsole(home, Engine.SQLITE);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @Test
    void a_body_that_is_not_the_json_expected_is_refused_without_repeating_it() {
        for (String body : List.of(
                "",
                "{",
                CANARY,
                "[]",
                "null",
                "{\"name\":\"" + CANARY,
                "{\"name\":\"a\"} " + CANARY,
                "{\"name\":\"a\",\"name\":\"" + CANARY + "\"}",
                "{\"name\":\"a\",\"" + CANARY + "\":1}",
                "{\"name\":{\"" + CANARY + "\":1}}",
                "{\"name\":" + "[".repeat(100) + "]".repeat(100) + "}",
                "{\"name\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000) + "}")) {
            assertThat(console.call("POST", VAULTS, console.first(), body)
                            .is(ProblemCode.BAD_REQUEST)
                            .detail())
                    .doesNotContain(CANARY);
        }
        assertThat(console.call("POST", VAULTS, console.first(), "{}")
                        .is(ProblemCode.BAD_REQUEST)
                        .detail())
                .contains("'name' is missing");
        byte[] notUtf8 = {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'};
        console.call("POST", VAULTS, console.first(), notUtf8).is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_missing_number_or_flag_is_not_taken_for_zero_or_false() {
        console.vault("default", "v");
        String whole = new String(dev.nightsafe.protocol.json.Json.write(Bodies.deposit()), StandardCharsets.UTF_8);
        for (String field : List.of("\"version\":1,", "\"secret\":true,")) {
            assertThat(whole).contains(field);
            console.call("PUT", VAULTS + "/v/secrets/KEY", console.first(), whole.replace(field, ""))
                    .is(ProblemCode.BAD_REQUEST);
        }
    }

    @Test
    void repeated_and_deep_parts_of_a_queue_are_refused() {
        String queue = RunningConsole.DEFAULT + "/queues/q";
        console.call("PUT", queue, console.first(), "{\"priority\":1,\"priority\":2}")
                .is(ProblemCode.BAD_REQUEST);
        console.call("PUT", queue, console.first(), "{\"input\":" + "[".repeat(100) + "]".repeat(100) + "}")
                .is(ProblemCode.BAD_REQUEST);
        console.call("PUT", queue, console.first(), "priority: 1").is(ProblemCode.BAD_REQUEST);
        console.call("PUT", queue, console.first(), "{\"" + CANARY + "\":1}").is(ProblemCode.INVALID_QUEUE);
    }

    @Test
    void another_content_type_is_refused() {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense")) {
            Map<String, String> headers = Map.of("Authorization", "Bearer " + console.first(), "Content-Type", type);
            console.send("POST", VAULTS, headers, BodyPublishers.ofString("{\"name\":\"a\"}"))
                    .is(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        }
        console.send(
                        "POST",
                        VAULTS,
                        Map.of("Authorization", "Bearer " + console.first()),
                        BodyPublishers.ofString("{\"name\":\"a\"}"))
                .is(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void whatever_type_is_preferred_the_answer_is_json() {
        Map<String, String> headers =
                Map.of("Authorization", "Bearer " + console.first(), "Accept", "application/xml, text/html");
        assertThat(console.send("GET", VAULTS, headers, BodyPublishers.noBody()).status())
                .isEqualTo(200);
    }

    @Test
    void a_body_that_is_too_large_is_refused_announced_or_not() {
        for (BodyPublisher body : List.of(spaces(2 * MIB + 1, true), spaces(2 * MIB + 1, false))) {
            post(VAULTS, body).is(ProblemCode.BODY_TOO_LARGE);
        }
        for (BodyPublisher body : List.of(spaces(3 * MIB + 1, true), spaces(3 * MIB + 1, false))) {
            console.send("PUT", VAULTS + "/v/secrets/KEY", headers(console.first()), body)
                    .is(ProblemCode.BODY_TOO_LARGE);
        }
        post(VAULTS, spaces(2 * MIB, false)).is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void the_gate_comes_before_the_body() {
        String viewer = console.token("default", Permission.TASK_READ);
        console.send("POST", VAULTS, headers(viewer), spaces(2 * MIB + 1, true)).is(ProblemCode.FORBIDDEN);
        console.send("POST", VAULTS, Map.of(), spaces(2 * MIB + 1, true)).is(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void paths_that_could_be_read_in_two_ways_are_refused() throws IOException {
        for (String path : List.of(
                "//api/v1/health",
                "/api//v1/health",
                "/api/v1/./health",
                "/api/v1/x/../health",
                "/api/v1/%2e%2e/v1/health",
                "/api/v1%2fhealth",
                "/api/v1/health;x=1",
                "/api/v1/health%00",
                "/api/v1/health%0a",
                "/api/v1/%zz",
                "/api/v1/health\\..",
                "/api/v1/workspaces/default%2f..%2fthere/vaults")) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(path).matches("(?s)HTTP/1.1 40[04] .*");
            assertProblem(answer);
        }
    }

    @Test
    void a_query_that_cannot_be_read_is_a_bad_request() {
        for (String query : List.of("?queue=%ff", "?%ff=1", "?" + "x=1&".repeat(100))) {
            console.call("GET", RunningConsole.DEFAULT + "/tasks" + query, console.first(), null)
                    .is(ProblemCode.BAD_REQUEST);
        }
    }

    @Test
    void a_text_for_people_has_no_line_ends_and_nothing_that_is_no_character() {
        for (String text :
                List.of("\\u0000", "a\\nb", "\\ud800", "\\udc00\\ud800", "\\u2028", "\\u202e", "\\u2066", " ")) {
            String description = "{\"name\":\"texts\",\"description\":\"" + text + "\"}";
            assertThat(console.call("POST", VAULTS, console.first(), description)
                            .is(ProblemCode.BAD_REQUEST)
                            .detail())
                    .as(text)
                    .contains("'description' is a text of 1 to");
        }
        String emoji = "{\"name\":\"texts\",\"description\":\"\\ud83d\\ude00 ä\"}";
        assertThat(console.call("POST", VAULTS, console.first(), emoji).status())
                .isEqualTo(201);
    }

    @Test
    void requests_that_http_does_not_allow_are_problems_too() throws IOException {
        for (String request : List.of(
                "NONSENSE\r\n\r\n",
                "GET /api/v1/health HTTP/1.1\r\n\r\n",
                "GET /api/v1/health HTTP/1.1\r\nHost: x\r\nBad Header: " + CANARY + "\r\n\r\n",
                "TRACE /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
                "MAKE /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST " + VAULTS + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: " + CANARY.repeat(2000) + "\r\n\r\n",
                "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")) {
            String answer = raw(request);
            assertThat(answer)
                    .as(request.substring(0, Math.min(60, request.length())))
                    .startsWith("HTTP/1.1 4");
            assertThat(answer).doesNotContain(CANARY, "Tomcat", "<html", "Exception");
            assertProblem(answer);
        }
    }

    @Test
    void a_body_that_breaks_off_changes_nothing() throws IOException {
        raw("POST " + VAULTS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + console.first()
                + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"name\":\"half\"");
        console.call("GET", VAULTS + "/half", console.first(), null).is(ProblemCode.VAULT_NOT_FOUND);
    }

    private static void assertProblem(String answer) {
        int body = answer.indexOf("\r\n\r\n") + 4;
        if (body < answer.length()) {
            assertThat(answer).contains("Content-Type: " + Problem.MEDIA_TYPE, "X-Content-Type-Options: nosniff");
            assertThat(answer.substring(body)).startsWith("{\"type\":\"urn:nightsafe:problem:");
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), console.console.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Answer post(String path, BodyPublisher body) {
        return console.send("POST", path, headers(console.first()), body);
    }

    private static Map<String, String> headers(String token) {
        return Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json");
    }

    private static BodyPublisher spaces(int length, boolean announced) {
        byte[] bytes = " ".repeat(length).getBytes(StandardCharsets.US_ASCII);
        return announced
                ? BodyPublishers.ofByteArray(bytes)
                : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }
}
