package dev.nightsafe.runner.outbound;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Masks parts of a JSON text so that it stays JSON: what is in a string is replaced there, escapes as a whole; a number
 * that is touched becomes a string. For use by one thread.
 */
final class JsonMask {
    private final byte[] in;
    private final int to;
    private final Ranges masked;
    private final ByteArrayOutputStream out;
    private int at;
    private int range;

    private JsonMask(byte[] in, int from, int to, Ranges masked) {
        this.in = in;
        this.at = from;
        this.to = to;
        this.masked = masked;
        this.out = new ByteArrayOutputStream(to - from + Redactor.MASK.length);
    }

    /** The masked text; null when a part reaches over the JSON's structure, so that nothing of it may pass. */
    static byte @Nullable [] apply(byte[] in, int from, int to, Ranges masked) {
        return masked.isEmpty() ? Arrays.copyOfRange(in, from, to) : new JsonMask(in, from, to, masked).run();
    }

    private byte @Nullable [] run() {
        while (at < to) {
            if (isNumeric(in[at])) {
                number();
            } else if (touches(at, at + 1)) {
                return null;
            } else {
                out.write(in[at]);
                if (in[at++] == '"' && !string()) {
                    return null;
                }
            }
        }
        return out.toByteArray();
    }

    /** From behind the opening quote to the closing one, which isn't passed yet. */
    private boolean string() {
        boolean masking = false;
        while (at < to && in[at] != '"') {
            int end = Math.min(to, at + unit());
            boolean touched = touches(at, end);
            if (!touched) {
                out.write(in, at, end - at);
            } else if (!masking) {
                out.writeBytes(Redactor.MASK);
            }
            masking = touched;
            at = end;
        }
        if (at == to) {
            return true; // no JSON anyway
        }
        if (touches(at, at + 1)) {
            return false;
        }
        out.write(in[at++]);
        return true;
    }

    private int unit() {
        if (in[at] != '\\') {
            return 1;
        }
        return at + 1 < to && in[at + 1] == 'u' ? 6 : 2;
    }

    private void number() {
        int end = at;
        while (end < to && isNumeric(in[end])) {
            end++;
        }
        if (touches(at, end)) {
            out.write('"');
            out.writeBytes(Redactor.MASK);
            out.write('"');
        } else {
            out.write(in, at, end - at);
        }
        at = end;
    }

    /** Asked with positions that never go back. */
    private boolean touches(int from, int end) {
        while (range < masked.count() && masked.to(range) <= from) {
            range++;
        }
        return range < masked.count() && masked.from(range) < end;
    }

    private static boolean isNumeric(byte b) {
        return (b >= '0' && b <= '9') || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
    }
}
