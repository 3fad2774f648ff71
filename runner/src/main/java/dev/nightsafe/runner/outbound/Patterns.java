package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.SecretBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Byte patterns, off the heap, that are looked for all at once. A long one is split into blocks, so that a part of it is
 * found as well and no comparison is longer than {@link #SPLIT_FROM}. Immutable until closed.
 */
final class Patterns implements AutoCloseable {
    /** Nothing shorter is looked for. */
    static final int SHORTEST = 4;

    private static final int BLOCK = 128;
    private static final int SPLIT_FROM = 2 * BLOCK;

    private final SecretBytes bytes;
    private final MemorySegment segment;
    private final int[] starts;
    private final int[] lengths;
    private final int[] next;
    private final int[] heads;

    private Patterns(Builder builder) {
        bytes = SecretBytes.takeFrom(builder.bytes, 0, builder.size);
        segment = bytes.exposeSegment();
        starts = Arrays.copyOf(builder.starts, builder.count);
        lengths = Arrays.copyOf(builder.lengths, builder.count);
        next = new int[builder.count];
        heads = new int[Integer.highestOneBit(Math.max(64, builder.count * 4))];
        Arrays.fill(heads, -1);
        for (int i = 0; i < builder.count; i++) {
            int slot = slot(
                    segment.get(ValueLayout.JAVA_BYTE, starts[i]),
                    segment.get(ValueLayout.JAVA_BYTE, starts[i] + 1L),
                    segment.get(ValueLayout.JAVA_BYTE, starts[i] + 2L),
                    segment.get(ValueLayout.JAVA_BYTE, starts[i] + 3L));
            insert(slot, i);
        }
    }

    private void insert(int slot, int added) {
        for (int i = heads[slot]; i >= 0; i = next[i]) {
            if (lengths[i] == lengths[added]
                    && segment.asSlice(starts[i], lengths[i]).mismatch(segment.asSlice(starts[added], lengths[added]))
                            < 0) {
                return;
            }
        }
        next[added] = heads[slot];
        heads[slot] = added;
    }

    private int slot(byte a, byte b, byte c, byte d) {
        int prefix = (a & 0xff) | (b & 0xff) << 8 | (c & 0xff) << 16 | (d & 0xff) << 24;
        return (prefix * 0x9E3779B1) >>> Integer.numberOfLeadingZeros(heads.length - 1) & (heads.length - 1);
    }

    /** Length of the longest pattern that begins at {@code at}, 0 for none. */
    int matchAt(byte[] in, int at, int to) {
        if (to - at < SHORTEST) {
            return 0;
        }
        int longest = 0;
        for (int i = heads[slot(in[at], in[at + 1], in[at + 2], in[at + 3])]; i >= 0; i = next[i]) {
            if (lengths[i] > longest && lengths[i] <= to - at && matches(i, in, at)) {
                longest = lengths[i];
            }
        }
        return longest;
    }

    private boolean matches(int pattern, byte[] in, int at) {
        long start = starts[pattern];
        return MemorySegment.mismatch(
                        segment, start, start + lengths[pattern], MemorySegment.ofArray(in), at, at + lengths[pattern])
                < 0;
    }

    @Override
    public void close() {
        bytes.close();
    }

    /** Gathers patterns. */
    static final class Builder implements AutoCloseable {
        private byte[] bytes = new byte[4096];
        private int size;
        private int[] starts = new int[64];
        private int[] lengths = new int[64];
        private int count;

        void add(byte[] pattern) {
            add(pattern, 0, pattern.length);
        }

        void add(byte[] pattern, int from, int to) {
            if (to - from < SHORTEST) {
                return;
            }
            if (to - from <= SPLIT_FROM) {
                addBlock(pattern, from, to);
                return;
            }
            for (int at = from; at + BLOCK <= to; at += BLOCK) {
                addBlock(pattern, at, at + BLOCK);
            }
            addBlock(pattern, to - BLOCK, to);
        }

        private void addBlock(byte[] pattern, int from, int to) {
            if (size + to - from > bytes.length) {
                byte[] old = bytes;
                bytes = Arrays.copyOf(old, Math.max(old.length * 2, size + to - from));
                Arrays.fill(old, (byte) 0);
            }
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
                lengths = Arrays.copyOf(lengths, count * 2);
            }
            System.arraycopy(pattern, from, bytes, size, to - from);
            starts[count] = size;
            lengths[count++] = to - from;
            size += to - from;
        }

        Patterns build() {
            return new Patterns(this);
        }

        @Override
        public void close() {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
