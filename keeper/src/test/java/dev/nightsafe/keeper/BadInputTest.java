package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BadInputTest extends KeeperTestCase {
    @Test
    void a_body_that_is_no_such_JSON_is_a_bad_request_that_does_not_repeat_it() {
        RunnerRole runner = runner("r1", "*");
        for (String body : List.of(
                "",
                "{",
                "null",
                "[]",
                "\"canary\"",
                "{\"held\":[],\"held\":[]}",
                "{\"canary\":1}",
                "{\"held\":\"canary\",\"knownRevision\":\"\",\"waitMillis\":0,\"isolation\":\"none\"}",
                "{\"held\":[],\"knownRevision\":\"\",\"waitMillis\":0,\"isolation\":\"none\"} canary",
                "[".repeat(100_000),
                "{\"held\":[null],\"knownRevision\":\"\",\"waitMillis\":0,\"isolation\":\"none\"}",
                "{}",
                "\u0000",
                "{\"waitMillis\":1e999999999}")) {
            assertThat(runner.send("POST", "/v1/serving", body.getBytes(StandardCharsets.UTF_8))
                            .refusedWith(ProblemCode.BAD_REQUEST))
                    .doesNotContain("canary");
        }
    }

    @Test
    void a_missing_field_is_a_bad_request_on_every_route() {
        RunnerRole runner = runner("r1", "*");
        byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
        wire.send("POST", "/v1/enrolments", empty, null).refusedWith(ProblemCode.BAD_REQUEST);
        wire.send("POST", "/v1/token", empty, null).refusedWith(ProblemCode.BAD_REQUEST);
        runner.send("POST", "/v1/task-leases", empty).refusedWith(ProblemCode.BAD_REQUEST);
        runner.send("POST", "/v1/task-leases/x/result", empty).refusedWith(ProblemCode.BAD_REQUEST);
        for (String path : List.of("locks", "tasks", "enrolment-tokens", "tasks/x/cancel", "runners/x/revoke")) {
            console.keeper().send("POST", "/internal/v1/" + path, empty, null).refusedWith(ProblemCode.BAD_REQUEST);
        }
        for (String path : List.of("tasks", "tasks/x", "runners", "runners/x", "audit")) {
            console.keeper().send("GET", "/internal/v1/" + path, null, null).refusedWith(ProblemCode.BAD_REQUEST);
            console.keeper()
                    .send("GET", "/internal/v1/" + path + "?workspaceId=a&workspaceId=b", null, null)
                    .refusedWith(ProblemCode.BAD_REQUEST);
        }
        for (String query : List.of("limit=0", "limit=x", "limit=1001", "before=-1")) {
            console.keeper()
                    .send("GET", "/internal/v1/audit?workspaceId=a&" + query, null, null)
                    .refusedWith(ProblemCode.BAD_REQUEST);
        }
    }

    @Test
    void a_body_that_is_too_large_is_refused() throws IOException {
        byte[] large = new byte[(16 << 10) + 1];
        wire.send("POST", "/v1/token", large, null).refusedWith(ProblemCode.BODY_TOO_LARGE);
        String declared = raw("POST /v1/token HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n");
        assertThat(declared).startsWith("HTTP/1.1 413").contains(Problem.MEDIA_TYPE);
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        String chunked =
                raw("POST /v1/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk);
        assertThat(chunked).startsWith("HTTP/1.1 413");
    }

    @Test
    void what_is_no_HTTP_is_answered_with_a_problem_or_closed() throws IOException {
        for (String request : List.of(
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/health HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
                "GET /v1/health HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(100_000) + "\r\n\r\n",
                "GET /" + "y".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v1/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n")) {
            String answer = raw(request);
            if (!answer.isEmpty()) {
                assertThat(answer).startsWith("HTTP/1.1 4").contains(Problem.MEDIA_TYPE);
            }
        }
        assertThat(wire.send("GET", "/v1/health", null, null).status()).isEqualTo(200);
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), keeper.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            try {
                out.write(request.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            } catch (IOException e) {
                // refused before it was all sent
            }
            byte[] answer = socket.getInputStream().readNBytes(40);
            byte[] more = new byte[4096];
            int n = answer.length < 40 ? -1 : socket.getInputStream().read(more);
            return new String(answer, StandardCharsets.ISO_8859_1)
                    + (n < 0 ? "" : new String(more, 0, n, StandardCharsets.ISO_8859_1));
        } catch (java.net.SocketException e) {
            return "";
        }
    }
}
