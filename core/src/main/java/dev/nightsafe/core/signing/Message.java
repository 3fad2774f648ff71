package dev.nightsafe.core.signing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Builds the bytes that a signature, a MAC or a seal covers: a purpose, then fields, each with its length as four bytes
 * (big endian) before it. Two different lists of fields never make the same bytes. Specified in {@code spec/sealing.md}.
 */
public final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    private Message(String purpose) {
        add(purpose);
    }

    /** Starts a message; the purpose, for example {@code nightsafe/deposit/1}, keeps messages of different kinds apart. */
    public static Message of(String purpose) {
        return new Message(purpose);
    }

    /** Adds a text as UTF-8. Throws {@link IllegalArgumentException} for a broken surrogate, which has no UTF-8. */
    public Message add(String text) {
        try {
            // getBytes would turn every broken surrogate into '?', so that two texts made the same bytes.
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return add(bytes);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text with a broken surrogate can't be signed", e);
        }
    }

    /** Adds a number as eight bytes, big endian. */
    public Message add(long number) {
        return add(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    public Message add(byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
