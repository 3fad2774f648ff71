package dev.nightsafe.core.secret;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A plaintext value, kept off the heap and wiped when closed. It has no {@code equals}, its {@code toString} tells
 * nothing, and its bytes are reached only by saying so. Wiping is best effort: whoever is given a copy must wipe it, and
 * a garbage-collected machine may have moved what passed through the heap.
 *
 * <p>Safe for use by several threads: a copy is the whole value, or, once closed, {@link IllegalStateException}.
 */
public final class SecretBytes implements AutoCloseable {
    /**
     * Given back by the garbage collector, zeroed long before. A shared arena would give it back at once, but closing
     * one stops every thread: 20 to 150 microseconds where this takes half of one.
     */
    private final MemorySegment segment;

    private boolean closed;

    private SecretBytes(int length) {
        segment = Arena.ofAuto().allocate(Math.max(length, 1)).asSlice(0, length);
    }

    /** Takes the bytes over: they are copied off the heap and the array is zeroed. */
    public static SecretBytes takeFrom(byte[] bytes) {
        return takeFrom(bytes, 0, bytes.length);
    }

    /** As {@link #takeFrom(byte[])}, for a part of the array; only that part is zeroed. */
    public static SecretBytes takeFrom(byte[] bytes, int offset, int length) {
        SecretBytes secret = filledBy(
                length, segment -> MemorySegment.copy(bytes, offset, segment, ValueLayout.JAVA_BYTE, 0, length));
        Arrays.fill(bytes, offset, offset + length, (byte) 0);
        return secret;
    }

    /** As many bytes as said, zeros at first, which {@code fill} writes off the heap. Wiped when it throws. */
    public static SecretBytes filledBy(int length, Consumer<MemorySegment> fill) {
        SecretBytes secret = new SecretBytes(length);
        try {
            fill.accept(secret.segment);
            return secret;
        } catch (Throwable e) {
            secret.close();
            throw e;
        }
    }

    /** A second, independent copy. */
    public synchronized SecretBytes copy() {
        requireOpen();
        return filledBy(length(), to -> to.copyFrom(segment));
    }

    /** Puts the bytes into a buffer, off the heap for choice. */
    public synchronized void copyTo(ByteBuffer out) {
        requireOpen();
        out.put(segment.asByteBuffer());
    }

    public int length() {
        return (int) segment.byteSize();
    }

    /**
     * Runs {@code use} with a copy of the bytes that is zeroed afterwards, also when it throws. The array must not be
     * kept.
     */
    public <T> T exposing(Function<byte[], T> use) {
        byte[] bytes = heapCopy();
        try {
            return use.apply(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The off-heap bytes themselves, read-only. Whoever closes must know that nobody reads them any more: unlike a copy,
     * they turn to zeros under the reader.
     */
    public synchronized MemorySegment exposeSegment() {
        requireOpen();
        return segment.asReadOnly();
    }

    /** Zeroes the bytes. Closing twice is fine. */
    @Override
    public synchronized void close() {
        closed = true;
        segment.fill((byte) 0);
    }

    @Override
    public String toString() {
        return "SecretBytes[********]";
    }

    /** Under the lock that {@link #close} takes, so that no copy is half zeroed. */
    private synchronized byte[] heapCopy() {
        requireOpen();
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this secret was closed");
        }
    }
}
