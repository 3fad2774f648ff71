package dev.nightsafe.runner.outbound;

/** Bytes that are gathered, in an array that never grows, so that no copy is left behind. */
final class Unescaped {
    final byte[] bytes;
    int length;
    boolean hasOctets;

    Unescaped(int capacity) {
        bytes = new byte[capacity];
    }

    void add(int b) {
        bytes[length++] = (byte) b;
    }

    void addAll(byte[] from, int begin, int end) {
        System.arraycopy(from, begin, bytes, length, end - begin);
        length += end - begin;
    }

    /** In UTF-8; a lone surrogate as if it were a character. */
    void addCodePoint(int point) {
        if (point < 0x80) {
            add(point);
        } else if (point < 0x800) {
            add(0xc0 | (point >> 6));
            add(0x80 | (point & 0x3f));
        } else {
            if (point < 0x10000) {
                add(0xe0 | (point >> 12));
            } else {
                add(0xf0 | (point >> 18));
                add(0x80 | ((point >> 12) & 0x3f));
            }
            add(0x80 | ((point >> 6) & 0x3f));
            add(0x80 | (point & 0x3f));
        }
    }
}
