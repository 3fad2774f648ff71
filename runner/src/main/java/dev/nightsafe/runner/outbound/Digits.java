package dev.nightsafe.runner.outbound;

/** Numbers in bytes. */
final class Digits {
    private Digits() {}

    /** The number in {@code [from, end)}, at most 8 digits; -1 when something else or nothing stands there. */
    static int hex(byte[] in, int from, int end, int to) {
        return number(in, from, end, to, 16);
    }

    /** As {@link #hex}, to the base {@code radix}. */
    static int number(byte[] in, int from, int end, int to, int radix) {
        if (from >= end || end > to) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < end; i++) {
            int digit = digit(in[i], radix);
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value > Character.MAX_CODE_POINT ? -1 : (int) value;
    }

    /** The end of the run of digits that begins at {@code from}. */
    static int endOf(byte[] in, int from, int to, int radix) {
        int end = from;
        while (end < to && digit(in[end], radix) >= 0) {
            end++;
        }
        return end;
    }

    private static int digit(byte b, int radix) {
        return Character.digit(b, radix);
    }
}
