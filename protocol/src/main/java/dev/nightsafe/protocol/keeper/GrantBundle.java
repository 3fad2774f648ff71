package dev.nightsafe.protocol.keeper;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of one grant. As bytes: a count, then for each entry vault name, key, version (8 bytes), 1 for a secret or 0
 * for a plain entry (1 byte), value; texts and values with four bytes of length before them. Close it after use.
 */
public record GrantBundle(List<Entry> entries) implements AutoCloseable {
    private static final int MAX_ENTRIES = 10_000;

    /** One value. Closed with its bundle. */
    public record Entry(String vault, String key, long version, boolean secret, SecretBytes value) {}

    public GrantBundle {
        entries = List.copyOf(entries);
    }

    /** As bytes, to be sealed; the caller closes them. */
    public SecretBytes encode() {
        int size = Integer.BYTES;
        for (Entry entry : entries) {
            size = Math.addExact(
                    size,
                    3 * Integer.BYTES
                            + Long.BYTES
                            + 1
                            + utf8(entry.vault()).length
                            + utf8(entry.key()).length
                            + entry.value().length());
        }
        ByteBuffer out = ByteBuffer.allocate(size).putInt(entries.size());
        for (Entry entry : entries) {
            put(out, utf8(entry.vault()));
            put(out, utf8(entry.key()));
            out.putLong(entry.version()).put((byte) (entry.secret() ? 1 : 0));
            entry.value().exposing(bytes -> put(out, bytes));
        }
        return SecretBytes.takeFrom(out.array());
    }

    /** Reads what {@link #encode} wrote. Throws {@link ProblemCode#SECRET_UNREADABLE}. */
    public static GrantBundle decode(SecretBytes encoded) {
        List<Entry> entries = new ArrayList<>();
        try {
            encoded.exposing(bytes -> decode(ByteBuffer.wrap(bytes), entries));
            return new GrantBundle(entries);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            entries.forEach(entry -> entry.value().close());
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, "the grant's bundle is malformed");
        }
    }

    @Override
    public void close() {
        entries.forEach(entry -> entry.value().close());
    }

    private static List<Entry> decode(ByteBuffer in, List<Entry> entries) {
        int count = in.getInt();
        if (count < 0 || count > MAX_ENTRIES) {
            throw new IllegalArgumentException("too many entries");
        }
        for (int i = 0; i < count; i++) {
            String vault = new String(take(in), StandardCharsets.UTF_8);
            String key = new String(take(in), StandardCharsets.UTF_8);
            long version = in.getLong();
            boolean secret = in.get() == 1;
            entries.add(new Entry(vault, key, version, secret, SecretBytes.takeFrom(take(in))));
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("bytes after the last entry");
        }
        return entries;
    }

    private static byte[] take(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a length is out of range");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static ByteBuffer put(ByteBuffer out, byte[] bytes) {
        return out.putInt(bytes.length).put(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
