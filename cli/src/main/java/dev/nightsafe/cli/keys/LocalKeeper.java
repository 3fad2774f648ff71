package dev.nightsafe.cli.keys;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.json.Json;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The keeper's local socket, {@code $NIGHTSAFE_HOME/keeper/local.sock}, which only the keeper's own user may open. One
 * JSON line goes there; one comes back, for {@code get} followed by as many bytes as it says.
 */
public final class LocalKeeper {
    private static final int MAX_LINE = 64 * 1024;

    private final Path socket;

    public LocalKeeper(Path home) {
        this.socket = home.resolve("keeper/local.sock");
    }

    /** A value, for the caller to close. */
    public SecretBytes get(String workspace, String vault, String key) {
        Map<String, String> request = Map.of("op", "get", "workspace", workspace, "vault", vault, "key", key);
        return call(request, (header, channel) -> {
            int length = header.path("length").asInt(-1);
            if (length < 0 || length > Sealing.MAX_VALUE_BYTES) {
                throw new IOException("the keeper's answer has no length");
            }
            byte[] value = new byte[length];
            try {
                readFully(channel, ByteBuffer.wrap(value));
                return SecretBytes.takeFrom(value);
            } finally {
                Arrays.fill(value, (byte) 0);
            }
        });
    }

    /** An operation that answers with one object. */
    public JsonNode ask(String operation) {
        return call(Map.of("op", operation), (header, channel) -> header);
    }

    private interface Reader<T> {
        T read(JsonNode header, SocketChannel channel) throws IOException;
    }

    private <T> T call(Map<String, String> request, Reader<T> reader) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            writeLine(channel, Json.write(request));
            JsonNode header = Json.readTree(readLine(channel));
            if (header.has("error")) {
                throw problem(header.get("error"));
            }
            return reader.read(header, channel);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.UNAVAILABLE,
                    "can't talk to the keeper through " + socket + " (" + e.getMessage() + ")",
                    "this works only on the keeper's own machine, as its user, while it runs: nightsafe status",
                    e);
        }
    }

    private static NightsafeException problem(JsonNode error) {
        ProblemCode code = ProblemCode.of(error.path("code").asString(""));
        return new NightsafeException(code, error.path("detail").asString("the keeper refused"));
    }

    private static void writeLine(SocketChannel channel, byte[] json) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(json.length + 1);
        line.put(json).put((byte) '\n').flip();
        while (line.hasRemaining()) {
            channel.write(line);
        }
    }

    /** Byte by byte, because what follows the line must stay in the channel. */
    private static byte[] readLine(SocketChannel channel) throws IOException {
        byte[] line = new byte[MAX_LINE];
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int length = 0; length < MAX_LINE; length++) {
            one.clear();
            readFully(channel, one);
            if (one.get(0) == '\n') {
                return Arrays.copyOf(line, length);
            }
            line[length] = one.get(0);
        }
        throw new IOException("the keeper's answer is too long");
    }

    private static void readFully(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the keeper hung up");
            }
        }
    }
}
