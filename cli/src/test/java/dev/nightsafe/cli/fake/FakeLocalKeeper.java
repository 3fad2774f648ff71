package dev.nightsafe.cli.fake;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.local.LocalApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A keeper's local socket over values in memory. */
public final class FakeLocalKeeper implements AutoCloseable {
    /** By {@code vault/key}. */
    public final Map<String, byte[]> values = new ConcurrentHashMap<>();

    /** Where it says its master keys come from. */
    public volatile String source = "file";

    private final Path ring;
    private final ServerSocketChannel server;

    public FakeLocalKeeper(Path home) {
        ring = home.resolve("master.keys");
        try {
            Files.createDirectories(home.resolve("keeper"));
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(home.resolve("keeper/local.sock")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                answer(channel);
            } catch (IOException e) {
                return; // closed, or a client that went away: the test sees it
            }
        }
    }

    private void answer(SocketChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one) > 0 && one.get(0) != '\n') {
            line.write(one.get(0));
            one.clear();
        }
        LocalApi.Request request = Json.read(line.toByteArray(), LocalApi.Request.class);
        byte[] value = values.get(request.vault() + "/" + request.key());
        if (request.op().equals(LocalApi.EXPORT)) {
            export(channel, request.vault() + "/");
        } else if (!request.op().equals(LocalApi.GET)) {
            write(channel, new LocalApi.Answer(null, null, keys(request.op()), null), new byte[0]);
        } else if (value == null) {
            Problem problem = Problem.of(ProblemCode.NOT_FOUND, "no such key");
            write(channel, new LocalApi.Answer(problem, null, null, null), new byte[0]);
        } else {
            LocalApi.Value header = new LocalApi.Value(
                    String.valueOf(request.vault()), String.valueOf(request.key()), 1, true, value.length);
            write(channel, new LocalApi.Answer(null, header, null, null), value);
        }
    }

    private void export(SocketChannel channel, String prefix) throws IOException {
        Map<String, byte[]> found = new TreeMap<>(values);
        found.keySet().removeIf(name -> !name.startsWith(prefix));
        write(channel, new LocalApi.Answer(null, null, null, new LocalApi.Export(found.size())), new byte[0]);
        for (Map.Entry<String, byte[]> one : found.entrySet()) {
            LocalApi.Value header =
                    new LocalApi.Value(prefix, one.getKey().substring(prefix.length()), 1, true, one.getValue().length);
            write(channel, new LocalApi.Answer(null, header, null, null), one.getValue());
        }
    }

    private LocalApi.KeysStatus keys(String operation) {
        List<String> lines = lines();
        List<LocalApi.MasterVersion> versions = lines.stream()
                .map(line -> Integer.parseInt(line.substring(0, line.indexOf(' '))))
                .map(version -> new LocalApi.MasterVersion(version, true, version == lines.size() ? 3 : 0))
                .toList();
        int rewrapped = operation.equals(LocalApi.KEYS_ROTATE) ? 3 : 0;
        return new LocalApi.KeysStatus(
                true,
                "",
                source,
                lines.size(),
                versions,
                rewrapped,
                FakeConsole.signer((byte) 7).publicKey().fingerprint());
    }

    private List<String> lines() {
        try {
            return Files.exists(ring) ? Files.readAllLines(ring) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(SocketChannel channel, LocalApi.Answer answer, byte[] value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Json.write(answer));
        bytes.write('\n');
        bytes.writeBytes(value);
        channel.write(ByteBuffer.wrap(bytes.toByteArray()));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
