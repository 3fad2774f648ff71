package dev.nightsafe.cli.keys;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.local.LocalApi;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client of the keeper's local socket, {@code $NIGHTSAFE_HOME/keeper/local.sock}; see {@link LocalApi}. */
public final class LocalKeeper {
    private static final int MAX_LINE = 64 * 1024;

    private final Path socket;

    public LocalKeeper(Path home) {
        this.socket = home.resolve("keeper/local.sock");
    }

    /** A value, for the caller to close. */
    public SecretBytes get(String workspace, String vault, String key) {
        return call(
                new LocalApi.Request(LocalApi.GET, workspace, vault, key),
                (answer, channel) -> value(answer, channel).value());
    }

    /** One entry of a vault; its value is for the caller to close. */
    public record Exported(String key, SecretBytes value) {}

    /** All of a vault, by key. Nothing when one of them doesn't arrive in whole. */
    public List<Exported> export(String workspace, String vault) {
        return call(new LocalApi.Request(LocalApi.EXPORT, workspace, vault, null), (answer, channel) -> {
            if (answer.export() == null) {
                throw new IOException("its answer has no values");
            }
            List<Exported> all = new ArrayList<>();
            try {
                for (int i = 0; i < answer.export().values(); i++) {
                    all.add(value(Json.read(readLine(channel), LocalApi.Answer.class), channel));
                }
                return all;
            } catch (IOException | RuntimeException e) {
                all.forEach(one -> one.value().close());
                throw e;
            }
        });
    }

    private static Exported value(LocalApi.Answer answer, SocketChannel channel) throws IOException {
        LocalApi.Value value = answer.value();
        if (value == null || value.length() < 0 || value.length() > Sealing.MAX_VALUE_BYTES) {
            throw new IOException("its answer has no value");
        }
        return new Exported(value.key(), read(channel, value.length()));
    }

    public LocalApi.KeysStatus keysStatus() {
        return keys(LocalApi.KEYS_STATUS);
    }

    /** Has the keeper read its ring again and wrap everything under the highest version. */
    public LocalApi.KeysStatus rotateKeys() {
        return keys(LocalApi.KEYS_ROTATE);
    }

    private LocalApi.KeysStatus keys(String operation) {
        return call(new LocalApi.Request(operation, null, null, null), (answer, channel) -> {
            if (answer.keys() == null) {
                throw new IOException("its answer has no keys");
            }
            return answer.keys();
        });
    }

    private interface Reader<T> {
        T read(LocalApi.Answer answer, SocketChannel channel) throws IOException;
    }

    private <T> T call(LocalApi.Request request, Reader<T> reader) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            writeLine(channel, Json.write(request));
            LocalApi.Answer answer = Json.read(readLine(channel), LocalApi.Answer.class);
            if (answer.problem() != null) {
                throw answer.problem().toException();
            }
            return reader.read(answer, channel);
        } catch (IOException | IllegalArgumentException e) {
            throw unavailable(e.getMessage(), e);
        }
    }

    private CliException unavailable(@Nullable String why, Exception cause) {
        return new CliException(
                ExitCode.UNAVAILABLE,
                "can't talk to the keeper through " + socket + " (" + why + ")",
                "this works only on the keeper's own machine, as its user, while it runs: nightsafe status",
                cause);
    }

    private static SecretBytes read(SocketChannel channel, int length) throws IOException {
        byte[] value = new byte[length];
        try {
            readFully(channel, ByteBuffer.wrap(value));
            return SecretBytes.takeFrom(value);
        } finally {
            Arrays.fill(value, (byte) 0);
        }
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
        throw new IOException("its answer is too long");
    }

    private static void readFully(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("it hung up");
            }
        }
    }
}
