package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.Masking;

/**
 * Makes texts alike that differ only in how a value was set: white space and ':' are dropped, ASCII letters lower-case,
 * the two letters in which base64url differs are those of base64.
 */
final class Folding {
    /** For each byte: what it becomes in the low 8 bits, whether it is kept, and which escapes it may begin. */
    private static final int[] TABLE = new int[256];

    private static final int KEPT_BIT = 8;
    private static final int LEADS_BIT = 9;

    static {
        for (int b = 0; b < 256; b++) {
            TABLE[b] = folded(b) | (Masking.isSignificant(b) ? 1 << KEPT_BIT : 0);
        }
        for (Escape escape : Escape.values()) {
            TABLE[escape.lead()] |= escape.bit() << LEADS_BIT;
        }
    }

    private Folding() {}

    private static int folded(int b) {
        return switch (b) {
            case '-' -> '+';
            case '_' -> '/';
            default -> b >= 'A' && b <= 'Z' ? b | 0x20 : b;
        };
    }

    /**
     * Writes what is kept to {@code out}.
     *
     * @return how much that is, in the low half, and in the high half the bits of the escapes that may occur
     */
    static long fold(byte[] in, int from, int to, byte[] out) {
        int kept = 0;
        int seen = 0;
        for (int i = from; i < to; i++) {
            int entry = TABLE[in[i] & 0xff];
            out[kept] = (byte) entry;
            kept += entry >> KEPT_BIT & 1;
            seen |= entry;
        }
        return (long) (seen >> LEADS_BIT) << 32 | kept;
    }

    /** Where parts of a folded text, in order and not overlapping, stand in the text. */
    static Ranges unfold(Ranges folded, byte[] in, int length) {
        Ranges found = new Ranges();
        int kept = 0;
        int start = 0;
        for (int i = 0, range = 0; i < length && range < folded.count(); i++) {
            if (isKept(in[i])) {
                start = kept == folded.from(range) ? i : start;
                kept++;
                if (kept == folded.to(range)) {
                    found.add(start, i + 1);
                    range++;
                }
            }
        }
        return found;
    }

    static boolean isKept(byte b) {
        return (TABLE[b & 0xff] >> KEPT_BIT & 1) == 1;
    }
}
