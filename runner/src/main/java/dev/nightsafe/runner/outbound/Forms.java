package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.SecretBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The forms that values are looked for in. A form is a run of characters, each of which stands for some bits of a value,
 * from a first bit on: 8 bits in the value itself, 6 in base64, 5 in base32, 4 in hex. Only the values are kept, off the
 * heap; characters are computed when they are asked for. Immutable until closed.
 */
final class Forms implements AutoCloseable {
    /** Where characters of base64 may begin in a value: the value stands anywhere in a longer text. Likewise base32. */
    private static final int[][] FIRST_BITS = {{}, {}, {}, {}, {0}, {0, 1, 2, 3, 4}, {0, 2, 4}, {}, {0}};

    private static final String BASE_32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String BASE_64 = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final SecretBytes store;
    private final MemorySegment bytes;
    private final int[] starts;
    private final int[] bits;
    private final int[] firstBits;
    private final int[] lengths;

    private Forms(Builder builder) {
        store = SecretBytes.takeFrom(builder.bytes, 0, builder.size);
        bytes = store.exposeSegment();
        starts = Arrays.copyOf(builder.starts, builder.count);
        bits = Arrays.copyOf(builder.bits, builder.count);
        firstBits = Arrays.copyOf(builder.firstBits, builder.count);
        lengths = Arrays.copyOf(builder.lengths, builder.count);
    }

    int count() {
        return starts.length;
    }

    /** Characters of a form. */
    int length(int form) {
        return lengths[form];
    }

    /** A character of a form, folded. */
    int at(int form, int index) {
        int width = bits[form];
        if (width == 8) {
            return bytes.get(ValueLayout.JAVA_BYTE, (long) starts[form] + index);
        }
        int bit = firstBits[form] + index * width;
        long at = (long) starts[form] + (bit >> 3);
        int two = ((bytes.get(ValueLayout.JAVA_BYTE, at) & 0xff) << 8)
                | (bytes.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff);
        int digit = (two >> (16 - width - (bit & 7))) & ((1 << width) - 1);
        return width == 6 ? BASE_64.charAt(digit) : width == 5 ? BASE_32.charAt(digit) : Character.forDigit(digit, 16);
    }

    /** True when both have the same characters. */
    boolean same(int one, int other) {
        if (lengths[one] != lengths[other]) {
            return false;
        }
        int i = 0;
        while (i < lengths[one] && at(one, i) == at(other, i)) {
            i++;
        }
        return i == lengths[one];
    }

    /** Tells if both hold the same values. */
    boolean equalTo(Forms other) {
        return bytes.mismatch(other.bytes) < 0 && Arrays.equals(lengths, other.lengths);
    }

    @Override
    public void close() {
        store.close();
    }

    /** Gathers forms. */
    static final class Builder implements AutoCloseable {
        private byte[] bytes = new byte[4096];
        private int size;
        private int[] starts = new int[16];
        private int[] bits = new int[16];
        private int[] firstBits = new int[16];
        private int[] lengths = new int[16];
        private int count;

        /** Adds the value as it is. */
        void addExact(byte[] value, int from, int to) {
            addForm(store(value, from, to), 8, 0, to - from);
        }

        /** Adds the value folded and its hex, base32 and base64, those of at least {@code shortest} characters. */
        void addAll(byte[] value, int from, int to, int shortest) {
            byte[] copy = Arrays.copyOfRange(value, from, to);
            Folding folding = new Folding(copy, to - from);
            Arrays.fill(copy, (byte) 0);
            byte[] folded = folding.folded();
            int length = folding.length();
            if (length >= shortest) {
                addForm(store(folded, 0, length), 8, 0, length);
            }
            Arrays.fill(folded, (byte) 0);
            int start = store(value, from, to);
            for (int width = 4; width <= 6; width++) {
                for (int firstBit : FIRST_BITS[width]) {
                    int characters = ((to - from) * 8 - firstBit) / width;
                    if (characters >= shortest) {
                        addForm(start, width, firstBit, characters);
                    }
                }
            }
        }

        private void addForm(int start, int width, int firstBit, int length) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
                bits = Arrays.copyOf(bits, count * 2);
                firstBits = Arrays.copyOf(firstBits, count * 2);
                lengths = Arrays.copyOf(lengths, count * 2);
            }
            starts[count] = start;
            bits[count] = width;
            firstBits[count] = firstBit;
            lengths[count++] = length;
        }

        /** One byte more, so that a character's bits can be read from two. */
        private int store(byte[] value, int from, int to) {
            int start = size;
            if (size + to - from + 1 > bytes.length) {
                byte[] old = bytes;
                bytes = Arrays.copyOf(old, Math.max(old.length * 2, size + to - from + 1));
                Arrays.fill(old, (byte) 0);
            }
            System.arraycopy(value, from, bytes, size, to - from);
            size += to - from;
            bytes[size++] = 0;
            return start;
        }

        Forms build() {
            return new Forms(this);
        }

        @Override
        public void close() {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
