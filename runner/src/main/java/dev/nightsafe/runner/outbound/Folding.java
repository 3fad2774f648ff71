package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.Masking;
import java.util.Arrays;

/**
 * Makes texts alike that differ only in how a value was set: white space and ':' are dropped, ASCII letters lower-case,
 * the two letters in which base64url differs are those of base64. Notes on the way where escapes may begin.
 */
final class Folding {
    private static final int KEPT = 1 << 8;
    private static final int LEAD = 1 << 9;

    /** For each byte: what it becomes in the low 8 bits, whether it is kept, whether an escape may begin with it. */
    private static final int[] TABLE = new int[256];

    static {
        for (int b = 0; b < 256; b++) {
            TABLE[b] = folded(b) | (Masking.isSignificant(b) ? KEPT : 0);
        }
        for (Escape escape : Escape.values()) {
            TABLE[escape.lead()] |= LEAD;
        }
    }

    private final byte[] folded;
    private final int length;
    private int[] leads = new int[8];
    private int leadCount;

    Folding(byte[] in, int end) {
        int[] table = TABLE;
        byte[] out = new byte[end + 1]; // one more: the last byte is written before it is known to be kept
        int kept = 0;
        for (int i = 0; i < end; i++) {
            int entry = table[in[i] & 0xff];
            out[kept] = (byte) entry;
            kept += (entry >> 8) & 1;
            if (entry >= LEAD) {
                addLead(i);
            }
        }
        folded = out;
        length = kept;
    }

    private void addLead(int at) {
        if (leadCount == leads.length) {
            leads = Arrays.copyOf(leads, leadCount * 2);
        }
        leads[leadCount++] = at;
    }

    byte[] folded() {
        return folded;
    }

    int length() {
        return length;
    }

    int[] leads() {
        return leads;
    }

    int leadCount() {
        return leadCount;
    }

    private static int folded(int b) {
        return switch (b) {
            case '-' -> '+';
            case '_' -> '/';
            default -> b >= 'A' && b <= 'Z' ? b | 0x20 : b;
        };
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
        return (TABLE[b & 0xff] & KEPT) != 0;
    }
}
