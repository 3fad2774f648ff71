package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.database.engine.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that sends more at once than its share: it is told so, and others are served. */
@Tag("slow")
class BudgetsTest {
    private static final int SHARE = (96 << 20) / 4;
    private static final int BODY = 3 << 20;
    /** Of one token, under way at once. */
    private static final int REQUESTS = 4096 / 8;

    @TempDir
    Path home;

    @Test
    void large_bodies_beyond_a_token_s_share_are_refused_and_another_token_is_served() throws Exception {
        try (RunningConsole console = new RunningConsole(home, Engine.SQLITE)) {
            String greedy = console.token("default", Permission.SECRET_DEPOSIT);
            String modest = console.token("default", Permission.SECRET_DEPOSIT);
            BlockingQueue<String> heads = new LinkedBlockingQueue<>();
            List<Socket> held = new ArrayList<>();
            try {
                for (int i = 0; i <= SHARE / BODY; i++) {
                    Socket one = halfADeposit(console, greedy, BODY);
                    held.add(one);
                    Thread.ofVirtual().start(() -> heads.add(head(one)));
                }
                // The first that is answered at all; the others wait for the rest of their bodies.
                assertThat(heads.poll(60, TimeUnit.SECONDS))
                        .startsWith("HTTP/1.1 429")
                        .contains("Retry-After: 5");
                try (Socket served = halfADeposit(console, modest, BODY)) {
                    served.shutdownOutput();
                    assertThat(head(served)).startsWith("HTTP/1.1 400");
                }
            } finally {
                for (Socket socket : held) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void requests_beyond_a_token_s_share_are_refused_while_others_are_served_and_none_is_counted_for_ever()
            throws Exception {
        try (RunningConsole console = new RunningConsole(home, Engine.SQLITE)) {
            String greedy = console.token("default", Permission.SECRET_DEPOSIT);
            String modest = console.token("default", Permission.SECRET_DEPOSIT);
            BlockingQueue<String> heads = new LinkedBlockingQueue<>();
            List<Socket> held = new ArrayList<>();
            try {
                for (int i = 0; i <= REQUESTS; i++) {
                    Socket one = halfADeposit(console, greedy, 2);
                    held.add(one);
                    Thread.ofVirtual().start(() -> heads.add(head(one)));
                }
                // The first that is answered at all; the others wait for the other half of their bodies.
                assertThat(heads.poll(60, TimeUnit.SECONDS))
                        .startsWith("HTTP/1.1 429")
                        .contains("Retry-After: ");
                assertThat(console.call("GET", "/api/v1/whoami", modest, null).status())
                        .isEqualTo(200);
            } finally {
                for (Socket socket : held) {
                    socket.close();
                }
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (console.call("GET", "/api/v1/whoami", greedy, null).status() != 200) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }

    private static Socket halfADeposit(RunningConsole console, String token, int length) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), console.console.address().getPort());
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("PUT " + RunningConsole.DEFAULT
                                + "/vaults/v/secrets/K HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n{")
                        .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String head(Socket socket) {
        StringBuilder head = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                head.append((char) next);
                if (head.indexOf("\r\n\r\n") >= 0) {
                    break;
                }
            }
            return head.toString();
        } catch (IOException e) {
            return "broken off: " + e.getMessage();
        }
    }
}
