package dev.nightsafe.console.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send their headers slowly. */
class PromptHeadersTest {
    private static final Duration LONGEST = Duration.ofMillis(600);
    private static final int PATIENCE_MILLIS = 30_000;

    @TempDir
    Path folder;

    private final Tomcat tomcat = new Tomcat();

    @BeforeEach
    void start() throws LifecycleException {
        tomcat.setBaseDir(folder.toString());
        Connector connector = new Connector(new PromptHeaders(LONGEST));
        connector.setPort(0);
        tomcat.setConnector(connector);
        tomcat.addContext("", folder.toString());
        tomcat.start();
    }

    @AfterEach
    void stop() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    @Test
    void a_client_that_sends_a_byte_now_and_then_is_cut() throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(50);
            byte[] request = "GET / HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.ISO_8859_1);
            int sent = 0;
            while (!isCut(socket)) {
                byte next = sent < request.length ? request[sent] : (byte) (sent % 2 == 0 ? 'X' : ':');
                sent++;
                assertThat(sent).as("bytes that were taken").isLessThan(PATIENCE_MILLIS / 50);
                write(socket, next);
            }
            assertThat(sent).isGreaterThan(3);
        }
    }

    @Test
    void a_client_that_is_idle_between_two_requests_is_not_cut() throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 404");
                socket.getInputStream().skipNBytes(socket.getInputStream().available());
                try (Socket slow = connect()) {
                    slow.getOutputStream().write('G');
                    assertThat(slow.getInputStream().read())
                            .as("meanwhile the slow one was cut")
                            .isEqualTo(-1);
                }
                socket.getInputStream().skipNBytes(socket.getInputStream().available());
            }
        }
    }

    /** Waits a moment for an end. */
    private static boolean isCut(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private static void write(Socket socket, byte next) throws IOException {
        try {
            socket.getOutputStream().write(next);
        } catch (SocketException e) {
            // Cut meanwhile, which the next look shows.
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), tomcat.getConnector().getLocalPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }
}
