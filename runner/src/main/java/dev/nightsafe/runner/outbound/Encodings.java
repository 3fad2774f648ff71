package dev.nightsafe.runner.outbound;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;

/**
 * The forms in which a value leaves a program by accident: as it is, as part of JSON in the escapings in use, and in
 * base64, standard and for URLs, at each of the three places where it can begin in a longer text.
 */
final class Encodings {
    private Encodings() {}

    /** Calls {@code taker} with each form; the array is wiped afterwards. Forms may repeat. */
    static void each(byte[] value, Consumer<byte[]> taker) {
        wiping(value.clone(), taker);
        for (boolean ascii : new boolean[] {false, true}) {
            for (boolean slash : new boolean[] {false, true}) {
                wiping(json(value, ascii, slash), taker);
            }
        }
        for (int alignment = 0; alignment < 3; alignment++) {
            wiping(base64(value, alignment, Base64.getEncoder()), taker);
            wiping(base64(value, alignment, Base64.getUrlEncoder()), taker);
        }
    }

    private static void wiping(byte[] form, Consumer<byte[]> taker) {
        try {
            taker.accept(form);
        } finally {
            Arrays.fill(form, (byte) 0);
        }
    }

    /** Only the characters that the value alone decides. */
    static byte[] base64(byte[] value, int alignment, Base64.Encoder encoder) {
        byte[] shifted = new byte[alignment + value.length];
        System.arraycopy(value, 0, shifted, alignment, value.length);
        byte[] encoded = encoder.encode(shifted);
        int first = Math.ceilDiv(alignment * 8, 6);
        int last = shifted.length * 8 / 6;
        byte[] inner = Arrays.copyOfRange(encoded, first, Math.max(first, last));
        Arrays.fill(shifted, (byte) 0);
        Arrays.fill(encoded, (byte) 0);
        return inner;
    }

    /**
     * The inside of a JSON string, as Python writes it ({@code ascii}) or as most others do, with or without an escaped
     * slash. Bytes that are no UTF-8 stay as they are.
     */
    static byte[] json(byte[] value, boolean ascii, boolean slash) {
        Wiped out = new Wiped(value.length * 6 + 1);
        for (int i = 0; i < value.length; ) {
            int length = ascii ? Utf8.sequenceLength(value, i) : 1;
            if (length > 1) {
                appendUnicode(out, Utf8.codePoint(value, i, length));
            } else {
                appendByte(out, value[i] & 0xff, slash);
            }
            i += Math.max(1, length);
        }
        return out.take();
    }

    private static void appendByte(Wiped out, int b, boolean slash) {
        switch (b) {
            case '"', '\\' -> out.text("\\").write(b);
            case '/' -> out.text(slash ? "\\/" : "/");
            case '\b' -> out.text("\\b");
            case '\f' -> out.text("\\f");
            case '\n' -> out.text("\\n");
            case '\r' -> out.text("\\r");
            case '\t' -> out.text("\\t");
            default -> {
                if (b < 0x20) {
                    out.unit(b);
                } else {
                    out.write(b);
                }
            }
        }
    }

    private static void appendUnicode(Wiped out, int codePoint) {
        if (Character.isBmpCodePoint(codePoint)) {
            out.unit(codePoint);
        } else {
            out.unit(Character.highSurrogate(codePoint));
            out.unit(Character.lowSurrogate(codePoint));
        }
    }

    /** Never grows past what it was made with, so that no copy is left behind. */
    private static final class Wiped extends ByteArrayOutputStream {
        Wiped(int capacity) {
            super(capacity);
        }

        Wiped text(String text) {
            writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        void unit(int unit) {
            text("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                write("0123456789abcdef".charAt(unit >> shift & 0xf));
            }
        }

        byte[] take() {
            byte[] taken = toByteArray();
            Arrays.fill(buf, (byte) 0);
            return taken;
        }
    }
}
