package dev.nightsafe.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyManagementException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlainHttpTest {
    @Test
    void a_client_of_plain_http_gets_its_answer() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'{', '}'});
            exchange.close();
        });
        server.start();
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (ApiClient client = new ApiClient(base, null, null, Optional::empty)) {
            assertThat(client.send("GET", "/", null, Duration.ZERO)).asString().isEqualTo("{}");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_client_of_plain_http_makes_no_TLS_connection() {
        var context = NoTls.context();

        assertThatThrownBy(context::createSSLEngine).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> context.createSSLEngine("localhost", 443)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(context::getSocketFactory).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(context::getServerSocketFactory).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> context.init(null, null, null)).isInstanceOf(KeyManagementException.class);
    }
}
