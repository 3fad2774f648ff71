package dev.nightsafe.keeper;

import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.local.LocalApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** Asks over the local socket. */
final class LocalClient {
    private LocalClient() {}

    record Reply(LocalApi.Answer answer, byte[] value) {}

    static Reply ask(Path home, LocalApi.Request request) {
        byte[] json = Json.write(request);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return ask(home, line);
    }

    static Reply ask(Path home, byte[] sent) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(home.resolve("keeper/local.sock")));
            ByteBuffer out = ByteBuffer.wrap(sent);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            byte[] all = readAll(channel);
            int end = 0;
            while (all[end] != '\n') {
                end++;
            }
            return new Reply(
                    Json.read(Arrays.copyOf(all, end), LocalApi.Answer.class),
                    Arrays.copyOfRange(all, end + 1, all.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toByteArray();
    }
}
