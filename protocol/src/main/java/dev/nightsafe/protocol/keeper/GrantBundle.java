package dev.nightsafe.protocol.keeper;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
        return SecretBytes.filledBy(size, segment -> encode(segment.asByteBuffer()));
    }

    /** Reads what {@link #encode} wrote. Throws {@link ProblemCode#SECRET_UNREADABLE}. */
    public static GrantBundle decode(SecretBytes encoded) {
        List<Entry> entries = new ArrayList<>();
        try {
            decode(encoded.exposeSegment().asByteBuffer(), entries);
            return new GrantBundle(entries);
        } catch (BufferUnderflowException | IllegalArgumentException | CharacterCodingException e) {
            entries.forEach(entry -> entry.value().close());
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, "the grant's bundle is malformed");
        }
    }

    @Override
    public void close() {
        entries.forEach(entry -> entry.value().close());
    }

    /** Values go from memory off the heap to memory off the heap, so that no copy stays behind. */
    private void encode(ByteBuffer out) {
        out.putInt(entries.size());
        for (Entry entry : entries) {
            put(out, ByteBuffer.wrap(utf8(entry.vault())));
            put(out, ByteBuffer.wrap(utf8(entry.key())));
            out.putLong(entry.version()).put((byte) (entry.secret() ? 1 : 0));
            out.putInt(entry.value().length());
            entry.value().copyTo(out);
        }
    }

    private static void decode(ByteBuffer in, List<Entry> entries) throws CharacterCodingException {
        int count = in.getInt();
        if (count < 0 || count > MAX_ENTRIES) {
            throw new IllegalArgumentException("too many entries");
        }
        for (int i = 0; i < count; i++) {
            String vault = text(take(in));
            String key = text(take(in));
            long version = in.getLong();
            byte secret = in.get();
            if (secret != 0 && secret != 1) {
                throw new IllegalArgumentException("neither a secret nor a plain entry");
            }
            ByteBuffer value = take(in);
            entries.add(new Entry(
                    vault,
                    key,
                    version,
                    secret == 1,
                    SecretBytes.filledBy(
                            value.remaining(), segment -> segment.asByteBuffer().put(value))));
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("bytes after the last entry");
        }
    }

    private static ByteBuffer take(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a length is out of range");
        }
        ByteBuffer taken = in.slice(in.position(), length);
        in.position(in.position() + length);
        return taken;
    }

    private static void put(ByteBuffer out, ByteBuffer bytes) {
        out.putInt(bytes.remaining()).put(bytes);
    }

    private static String text(ByteBuffer utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
