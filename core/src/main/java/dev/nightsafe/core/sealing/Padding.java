package dev.nightsafe.core.sealing;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.Arrays;

/**
 * Padding that hides a value's length: 0x80, then zeros, to a multiple of 64 bytes; above 1 KiB to the next Padmé length
 * (Nikitin et al., PETS 2019), which is a multiple of 64 too from there on. Specified in {@code spec/sealing.md}.
 */
final class Padding {
    private static final int BLOCK = 64;
    private static final int PADME_FROM = 1024;

    /** So that no sum below overflows. */
    private static final int MAX = 1 << 30;

    private Padding() {}

    /** The padded copy; the caller wipes both. */
    static byte[] pad(byte[] value) {
        byte[] padded = Arrays.copyOf(value, paddedLength(value.length));
        padded[value.length] = (byte) 0x80;
        return padded;
    }

    static int paddedLength(int length) {
        if (length < 0 || length > MAX) {
            throw new IllegalArgumentException("can't pad " + length + " bytes");
        }
        int marked = length + 1;
        int blocks = Math.ceilDiv(marked, BLOCK) * BLOCK;
        return blocks <= PADME_FROM ? blocks : padme(marked);
    }

    /** True for a length that padding makes. */
    static boolean isPaddedLength(int length) {
        return length > 0 && length <= MAX && paddedLength(length - 1) == length;
    }

    private static int padme(int length) {
        int exponent = 31 - Integer.numberOfLeadingZeros(length);
        int mantissaBits = 32 - Integer.numberOfLeadingZeros(exponent);
        int zeroBits = exponent - mantissaBits;
        int mask = (1 << zeroBits) - 1;
        return (length + mask) & ~mask;
    }

    /** How many bytes of {@code padded} are the value. Throws {@link ProblemCode#SECRET_UNREADABLE} when it isn't padded. */
    static int valueLength(byte[] padded) {
        int end = padded.length - 1;
        while (end >= 0 && padded[end] == 0) {
            end--;
        }
        if (end < 0 || padded[end] != (byte) 0x80 || padded.length != paddedLength(end)) {
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, Sealing.DOES_NOT_OPEN);
        }
        return end;
    }
}
