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
                    Socket one = halfADeposit(console, greedy);
                    held.add(one);
                    Thread.ofVirtual().start(() -> heads.add(head(one)));
                }
                // The first that is answered at all; the others wait for the rest of their bodies.
                assertThat(heads.poll(60, TimeUnit.SECONDS))
                        .startsWith("HTTP/1.1 429")
                        .contains("Retry-After: 5");
                try (Socket served = halfADeposit(console, modest)) {
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

    private static Socket halfADeposit(RunningConsole console, String token) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), console.console.address().getPort());
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("PUT " + RunningConsole.DEFAULT
                                + "/vaults/v/secrets/K HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + BODY + "\r\n\r\n{")
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
