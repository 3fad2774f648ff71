package dev.nightsafe.cli.vault;

import dev.nightsafe.core.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Walks over the bytes of a {@code .env} file. Values go from the file's bytes to {@link SecretBytes}, never a String. */
final class EnvScanner {
    private static final byte[] EXPORT = "export".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private int position;
    private int line = 1;

    EnvScanner(byte[] bytes) {
        this.bytes = bytes;
        boolean byteOrderMark =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        this.position = byteOrderMark ? 3 : 0;
    }

    /** What is wrong with a line; the message never holds the line. */
    static final class Malformed extends RuntimeException {
        Malformed(String message) {
            super(message);
        }
    }

    /** The line at which the scanner stands, from 1. */
    int line() {
        return line;
    }

    /** Goes over empty lines and comments; false at the end. */
    boolean toNextStatement() {
        while (position < bytes.length) {
            skipBlanks();
            if (at('#')) {
                skipToLineEnd();
            }
            if (!at('\n')) {
                return position < bytes.length;
            }
            next();
        }
        return false;
    }

    /** Reads {@code [export ]KEY=}. What comes back may still be no key. */
    String key() {
        skipExport();
        int start = position;
        while (position < bytes.length && !at('=') && !at('\n')) {
            position++;
        }
        if (!at('=')) {
            throw new Malformed("expected KEY=value");
        }
        String key = new String(bytes, start, position - start, StandardCharsets.UTF_8).strip();
        position++;
        return key;
    }

    /** Reads the value and what may follow it on its line. */
    SecretBytes value() {
        skipBlanks();
        if (at('\'') || at('"')) {
            SecretBytes value = quoted();
            try {
                requireNothingElse();
                return value;
            } catch (Malformed e) {
                value.close();
                throw e;
            }
        }
        return unquoted();
    }

    private SecretBytes unquoted() {
        int start = position;
        int end = start;
        while (position < bytes.length && !at('\n')) {
            boolean comment = at('#') && position > start && isBlank(bytes[position - 1]);
            if (comment || (at('#') && position == start)) {
                skipToLineEnd();
                break;
            }
            if (!isBlank(bytes[position])) {
                end = position + 1;
            }
            position++;
        }
        return SecretBytes.takeFrom(Arrays.copyOfRange(bytes, start, end));
    }

    private SecretBytes quoted() {
        byte quote = next();
        byte[] value = new byte[lengthUpTo(quote)];
        int length = 0;
        try {
            while (bytes[position] != quote) {
                value[length++] = quote == '"' && at('\\') ? unescape() : next();
            }
            position++;
            return SecretBytes.takeFrom(value, 0, length);
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    /** How many bytes stand before the closing quote, escapes as they are. */
    private int lengthUpTo(byte quote) {
        for (int end = position; end < bytes.length; end++) {
            if (bytes[end] == quote) {
                return end - position;
            }
            if (quote == '"' && bytes[end] == '\\') {
                end++;
            }
        }
        throw new Malformed("the quoted value has no end");
    }

    private byte unescape() {
        position++;
        byte escaped = next();
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '"', '\\', '$' -> escaped;
            default -> throw new Malformed("unknown escape in double quotes; known are \\n \\r \\t \\\" \\\\ \\$");
        };
    }

    private void requireNothingElse() {
        boolean apart = position < bytes.length && isBlank(bytes[position]);
        skipBlanks();
        if (at('#') && apart) {
            skipToLineEnd();
        }
        if (position < bytes.length && !at('\n')) {
            throw new Malformed("something follows the closing quote");
        }
    }

    private void skipExport() {
        int end = position + EXPORT.length;
        boolean export = end < bytes.length
                && Arrays.equals(bytes, position, end, EXPORT, 0, EXPORT.length)
                && (bytes[end] == ' ' || bytes[end] == '\t');
        if (export) {
            position = end;
            skipBlanks();
        }
    }

    private void skipBlanks() {
        while (position < bytes.length && isBlank(bytes[position])) {
            position++;
        }
    }

    private void skipToLineEnd() {
        while (position < bytes.length && !at('\n')) {
            position++;
        }
    }

    private byte next() {
        byte current = bytes[position++];
        if (current == '\n') {
            line++;
        }
        return current;
    }

    private boolean at(char c) {
        return position < bytes.length && bytes[position] == c;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }
}
