package dev.nightsafe.keeper.local;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.keeper.keys.OpeningKeys;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.protocol.local.LocalApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@link LocalApi} on a Unix socket, for the user that runs the keeper and for root: the file is theirs alone, and
 * the kernel says who connected. Values go from off-heap memory to the socket, never through text.
 */
public final class LocalSocket implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LocalSocket.class.getName());
    private static final int LONGEST_REQUEST = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path file;
    private final UserPrincipal owner;
    private final ServerSocketChannel server;
    private final LocalSecrets secrets;
    private final OpeningKeys keys;
    private final ScheduledExecutorService timeouts = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("local-timeouts").factory());

    private LocalSocket(
            Path file, UserPrincipal owner, ServerSocketChannel server, LocalSecrets secrets, OpeningKeys keys) {
        this.file = file;
        this.owner = owner;
        this.server = server;
        this.secrets = secrets;
        this.keys = keys;
    }

    /** Starts to answer; a socket that an earlier process left there is replaced. Its folder must be the owner's alone. */
    public static LocalSocket start(Path file, LocalSecrets secrets, OpeningKeys keys) {
        try {
            Files.deleteIfExists(file);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            LocalSocket socket = new LocalSocket(file, Files.getOwner(file), server, secrets, keys);
            Thread.ofPlatform().daemon().name("local-socket").start(socket::accept);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen on " + file + ": " + e.getMessage(), e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("local-client").start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "the local socket: {0}", e.toString());
            }
        }
    }

    private void serve(SocketChannel client) {
        ScheduledFuture<?> timeout = timeouts.schedule(() -> close(client), PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try (client) {
            answer(client);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a local client went away", e);
        } finally {
            timeout.cancel(false);
        }
    }

    private void answer(SocketChannel client) throws IOException {
        try {
            UserPrincipal peer =
                    client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            if (!peer.equals(owner) && !peer.getName().equals("root")) {
                throw new NightsafeException(
                        ProblemCode.FORBIDDEN, "only " + owner.getName() + " and root may use the keeper's socket");
            }
            LocalApi.Request request = Json.read(line(client), LocalApi.Request.class);
            switch (String.valueOf(request.op())) {
                case LocalApi.GET -> get(client, request, peer.getName());
                case LocalApi.KEYS_STATUS -> write(client, new LocalApi.Answer(null, null, keys.status(), null));
                case LocalApi.KEYS_ROTATE -> {
                    secrets.recordRotation(peer.getName());
                    write(client, new LocalApi.Answer(null, null, keys.rotate(), null));
                }
                case LocalApi.EXPORT -> export(client, request, peer.getName());
                default ->
                    throw new NightsafeException(
                            ProblemCode.BAD_REQUEST, "'op' must be get, export, keys-status or keys-rotate");
            }
        } catch (NightsafeException e) {
            write(client, new LocalApi.Answer(Problem.of(e), null, null, null));
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "unexpected {0} at the local socket",
                    e.getClass().getName());
            Problem problem = Problem.of(ProblemCode.INTERNAL, "something went wrong in the keeper; see its log");
            write(client, new LocalApi.Answer(problem, null, null, null));
        }
    }

    private void get(SocketChannel client, LocalApi.Request request, String user) throws IOException {
        try (GrantBundle bundle = secrets.get(request, user)) {
            write(client, bundle.entries().getFirst());
        }
    }

    private void export(SocketChannel client, LocalApi.Request request, String user) throws IOException {
        try (GrantBundle bundle = secrets.export(request, user)) {
            LocalApi.Export export = new LocalApi.Export(bundle.entries().size());
            write(client, new LocalApi.Answer(null, null, null, export));
            for (GrantBundle.Entry entry : bundle.entries()) {
                write(client, entry);
            }
        }
    }

    private static void write(SocketChannel client, GrantBundle.Entry entry) throws IOException {
        LocalApi.Value value = new LocalApi.Value(
                entry.vault(),
                entry.key(),
                entry.version(),
                entry.secret(),
                entry.value().length());
        write(client, new LocalApi.Answer(null, value, null, null));
        write(client, entry.value().exposeSegment().asByteBuffer());
    }

    private static byte[] line(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_REQUEST);
        while (buffer.hasRemaining() && client.read(buffer) >= 0) {
            int end = newline(buffer);
            if (end >= 0) {
                byte[] line = new byte[end];
                buffer.get(0, line);
                return line;
            }
        }
        throw new NightsafeException(
                ProblemCode.BAD_REQUEST, "expected one line of JSON of at most " + LONGEST_REQUEST + " bytes");
    }

    private static int newline(ByteBuffer buffer) {
        for (int i = 0; i < buffer.position(); i++) {
            if (buffer.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static void write(SocketChannel client, LocalApi.Answer answer) throws IOException {
        write(client, ByteBuffer.wrap(Json.write(answer)));
        write(client, ByteBuffer.wrap(new byte[] {'\n'}));
    }

    private static void write(SocketChannel client, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    private static void close(@Nullable SocketChannel client) {
        try {
            if (client != null) {
                client.close();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a local client", e);
        }
    }

    @Override
    public void close() {
        timeouts.shutdownNow();
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "closing the local socket: {0}", e.toString());
        }
    }
}
