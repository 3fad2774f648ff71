package dev.nightsafe.core.signing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
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

    public Message add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
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
