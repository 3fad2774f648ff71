package dev.nightsafe.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on a free port that knows {@code CONNECT} only. Every name is this machine to it, so that a client
 * reaches a name that nobody else resolves only through here.
 */
public final class ConnectProxy implements AutoCloseable {
    private static final int MAX_HEAD = 16 * 1024;

    private final ServerSocket server;
    private final @Nullable String authorization;
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param credentials {@code user:password}; null lets everybody through */
    public ConnectProxy(@Nullable String credentials) {
        this.authorization = credentials == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The {@code host:port} of each tunnel that was made. */
    public List<String> targets() {
        return List.copyOf(targets);
    }

    /** The request line of each request that was answered 405 or 407. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            List<String> head = head(client.getInputStream());
            String[] request = head.getFirst().split(" ", -1);
            if (!request[0].equals("CONNECT")) {
                refuse(client, head.getFirst(), "405 Method Not Allowed\r\nAllow: CONNECT");
            } else if (authorization != null && !head.contains("Proxy-Authorization: " + authorization)) {
                refuse(
                        client,
                        head.getFirst(),
                        "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x");
            } else {
                tunnel(client, request[1]);
            }
        } catch (IOException e) {
            // One side hung up, which is its right.
        } finally {
            open.remove(client);
        }
    }

    private void refuse(Socket client, String request, String status) throws IOException {
        refused.add(request);
        write(client, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private void tunnel(Socket client, String target) throws IOException {
        int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            open.add(server);
            targets.add(target);
            write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
            Thread back = Thread.ofVirtual().start(() -> pump(server, client));
            pump(client, server);
            back.join();
            open.remove(server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes on until either side ends, then ends both. */
    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // As above.
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0 || head.size() == MAX_HEAD) {
                throw new IOException("no request");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1).lines().toList();
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
