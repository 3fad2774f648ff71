package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Gate;
import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.keeper.platform.BodyBudget;
import dev.nightsafe.keeper.platform.HttpServer;
import dev.nightsafe.keeper.platform.ReadDeadlines;
import dev.nightsafe.keeper.platform.Router;
import dev.nightsafe.keeper.platform.Ticker;
import dev.nightsafe.protocol.link.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send half of something. */
class SlowClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int PATIENCE_MILLIS = 20_000;

    @TempDir
    Path home;

    private HttpServer server;
    private Ticker ticker;

    @BeforeEach
    void start() {
        Link.create(home.resolve("console"), home.resolve("keeper"));
        SSLContext link = Link.serverContext(home.resolve("keeper"));
        ReadDeadlines deadlines = new ReadDeadlines(SHORT, SHORT, SHORT);
        List<Route> table = List.of(
                new Route(Route.Server.KEEPER, "GET", "/get", new Gate.Open()),
                new Route(Route.Server.KEEPER, "POST", "/post", new Gate.Open()));
        Map<String, Answering> handlers = Map.of(
                "GET /get", (Answering.Anyone) call -> Map.of(),
                "POST /post", (Answering.Anyone) call -> call.body(Map.class));
        Router router = new Router(
                table,
                handlers,
                token -> {
                    throw new IllegalStateException();
                },
                deadlines,
                new Router.Budgets(new BodyBudget(1 << 20, 1 << 20, SHORT), new Shares("requests", 9, 9, SHORT)));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new HttpServer(router, any, null, router, any, link, deadlines);
        ticker = new Ticker(Duration.ofMillis(50));
        ticker.add("closing", deadlines::closeOverdue);
    }

    @AfterEach
    void stop() {
        ticker.close();
        server.close();
    }

    @Test
    void a_client_that_sends_nothing_is_closed() throws IOException {
        assertThat(untilClosed("")).isEmpty();
    }

    @Test
    void a_client_that_sends_half_a_request_line_or_header_is_closed() throws IOException {
        assertThat(untilClosed("GET /ge")).isEmpty();
        assertThat(untilClosed("GET /get HTTP/1.1\r\nHost: x\r\nX-Half")).isEmpty();
    }

    @Test
    void a_client_that_sends_half_a_body_is_closed() throws IOException {
        assertThat(untilClosed("POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"))
                .doesNotContain("200");
        assertThat(untilClosed("POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"))
                .doesNotContain("200");
    }

    @Test
    void a_client_that_pauses_between_requests_is_not_closed() throws Exception {
        try (Socket socket = connect(server.port())) {
            for (int i = 0; i < 2; i++) {
                send(socket, "POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
                assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
                socket.getInputStream().skipNBytes(socket.getInputStream().available());
                // longer than any deadline
                assertThat(untilClosed("GET /ge")).isEmpty();
                socket.getInputStream().skipNBytes(socket.getInputStream().available());
            }
        }
    }

    @Test
    void a_client_that_never_shakes_hands_is_closed() throws IOException {
        try (Socket socket = connect(server.internalPort())) {
            assertThat(read(socket)).isEmpty();
        }
    }

    private String untilClosed(String sent) throws IOException {
        try (Socket socket = connect(server.port())) {
            send(socket, sent);
            return read(socket);
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String read(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return "";
        }
    }
}
