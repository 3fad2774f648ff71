package dev.nightsafe.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTest {
    @TempDir
    Path home;

    private Path console;
    private Path keeper;

    @BeforeEach
    void create() {
        console = home.resolve("console");
        keeper = home.resolve("keeper");
        Link.create(console, keeper);
    }

    @Test
    void console_and_keeper_reach_each_other_over_TLS_1_3() throws Exception {
        assertThat(handshake(Link.serverContext(keeper), Link.clientContext(console)))
                .isEqualTo("TLSv1.3 CN=nightsafe console");
    }

    @Test
    void a_certificate_that_is_not_in_peer_crt_is_refused_by_either_side() {
        Path other = home.resolve("other");
        Link.create(other.resolve("console"), other.resolve("keeper"));

        assertThatThrownBy(() -> handshake(Link.serverContext(keeper), Link.clientContext(other.resolve("console"))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> handshake(Link.serverContext(other.resolve("keeper")), Link.clientContext(console)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void creating_it_again_changes_nothing() throws IOException {
        Map<Path, byte[]> before = contents();
        Link.create(console, keeper);
        assertThat(contents()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void half_a_link_is_made_whole_and_keeps_its_deposit_key() throws Exception {
        byte[] depositKey = Files.readAllBytes(console.resolve("deposit.key"));
        Files.delete(keeper.resolve("deposit.key"));
        Files.delete(keeper.resolve("link.crt"));
        Link.create(console, keeper);

        assertThat(keeper.resolve("deposit.key")).hasBinaryContent(depositKey);
        assertThat(handshake(Link.serverContext(keeper), Link.clientContext(console)))
                .startsWith("TLSv1.3");
    }

    @Test
    void two_different_deposit_keys_are_refused() throws IOException {
        Files.write(keeper.resolve("deposit.key"), new byte[32]);
        assertThatThrownBy(() -> Link.create(console, keeper))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("differ");
    }

    @Test
    void only_the_owner_may_read_the_files() throws IOException {
        for (Path file : contents().keySet()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keeper)))
                .isEqualTo("rwx------");
    }

    private Map<Path, byte[]> contents() throws IOException {
        Map<Path, byte[]> contents = new HashMap<>();
        for (Path folder : new Path[] {console, keeper}) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    contents.put(file, Files.readAllBytes(file));
                }
            }
        }
        assertThat(contents).hasSize(8);
        return contents;
    }

    /** Protocol and the client's name as the server sees them, after one byte each way. */
    private static String handshake(SSLContext server, SSLContext client) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listener =
                        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            listener.setNeedClientAuth(true);
            Callable<String> accept = () -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.getOutputStream().write(socket.getInputStream().read());
                    return socket.getSession().getProtocol() + " "
                            + socket.getSession().getPeerPrincipal();
                }
            };
            Future<String> seen = executor.submit(accept);
            try (SSLSocket socket =
                    (SSLSocket) client.getSocketFactory().createSocket(loopback, listener.getLocalPort())) {
                socket.getOutputStream().write(1);
                if (socket.getInputStream().read() != 1) {
                    throw new IOException("refused");
                }
            }
            return seen.get();
        }
    }
}
