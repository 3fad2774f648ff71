package dev.nightsafe.runner.outbound;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Redacts one JSON text and keeps it JSON: a value inside a string is replaced there, one that is part of a number makes
 * the number a string. For use by one thread.
 */
final class JsonRedaction {
    private final Redactor redactor;
    private final byte[] in;
    private final int to;
    private final ByteArrayOutputStream out;
    private int at;
    private boolean inString;

    private JsonRedaction(Redactor redactor, byte[] in, int from, int to) {
        this.redactor = redactor;
        this.in = in;
        this.at = from;
        this.to = to;
        this.out = new ByteArrayOutputStream(to - from + Redactor.MASK.length);
    }

    /** The redacted text, or null when a value reaches over the JSON's structure, so that nothing of it may pass. */
    static byte @Nullable [] redact(Redactor redactor, byte[] in, int from, int to) {
        return new JsonRedaction(redactor, in, from, to).run();
    }

    private byte @Nullable [] run() {
        while (at < to) {
            int end = redactor.coveredFrom(in, at, to);
            if (end > at ? !mask(end) : !copy()) {
                return null;
            }
        }
        return out.toByteArray();
    }

    private boolean mask(int end) {
        if (!inString) {
            return maskNumber(end);
        }
        for (int i = at; i < end; i++) {
            if (in[i] == '"') {
                return false;
            }
            if (in[i] == '\\' && ++i >= end) {
                end++; // the escape's letter goes with its backslash
            }
        }
        out.writeBytes(Redactor.MASK);
        at = Math.min(end, to);
        return true;
    }

    private boolean maskNumber(int end) {
        for (int i = at; i < end; i++) {
            if (!isNumeric(in[i])) {
                return false;
            }
        }
        at = end;
        while (at < to && isNumeric(in[at])) {
            at++;
        }
        out.write('"');
        out.writeBytes(Redactor.MASK);
        out.write('"');
        return true;
    }

    /** Copies one byte, or one escape, or a number that no value begins but one may stand in. */
    private boolean copy() {
        byte b = in[at];
        if (inString && b == '\\' && at + 1 < to) {
            return copyEscape();
        }
        if (!inString && isNumeric(b)) {
            return copyNumber();
        }
        inString ^= b == '"';
        out.write(b);
        at++;
        return true;
    }

    private boolean copyEscape() {
        int end = redactor.coveredFrom(in, at + 1, to);
        if (end > at + 1) {
            return mask(end);
        }
        out.write(in[at]);
        out.write(in[at + 1]);
        at += 2;
        return true;
    }

    private boolean copyNumber() {
        int end = at;
        while (end < to && isNumeric(in[end])) {
            if (redactor.coveredFrom(in, end, to) > end) {
                return maskNumber(redactor.coveredFrom(in, end, to));
            }
            end++;
        }
        out.write(in, at, end - at);
        at = end;
        return true;
    }

    private static boolean isNumeric(byte b) {
        return (b >= '0' && b <= '9') || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
    }
}
