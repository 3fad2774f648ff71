package dev.nightsafe.runner.outbound;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Escapes as encoders write them, with every choice that an encoder has made anew for each character. */
final class Escapes {
    private Escapes() {}

    /** The inside of a JSON string. What is no text goes byte for byte, as broken encoders do. */
    static byte[] json(byte[] value, Random random) {
        if (!Utf8.isValid(value)) {
            return quoted(value);
        }
        StringBuilder out = new StringBuilder();
        text(value).chars().forEach(c -> out.append(json((char) c, random)));
        String escaped = out.toString();
        return bytes(random.nextBoolean() ? escaped : surrogates(escaped));
    }

    private static String json(char c, Random random) {
        int letter = "\b\t\n\f\r\"\\/".indexOf(c);
        boolean must = c < ' ' || c == '"' || c == '\\';
        if (letter >= 0 && (must || random.nextBoolean()) && random.nextInt(4) > 0) {
            return "\\" + "btnfr\"\\/".charAt(letter);
        }
        if (must || (!Character.isSurrogate(c) && random.nextInt(4) == 0)) {
            return String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c);
        }
        return String.valueOf(c);
    }

    private static String surrogates(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> {
            if (Character.isSurrogate((char) c)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    /** Only what JSON requires. */
    static byte[] quoted(byte[] value) {
        return Encoding.each(value, (b, out) -> {
            if (b < ' ') {
                out.writeBytes(bytes(String.format("\\u%04x", b)));
            } else {
                out.writeBytes(b == '"' || b == '\\' ? new byte[] {'\\', (byte) b} : new byte[] {(byte) b});
            }
        });
    }

    /** What isn't printable ASCII in {@code format}, quotes and backslashes with a backslash. */
    static byte[] octets(byte[] value, String format) {
        return Encoding.each(value, (b, out) -> octet(b, format, out));
    }

    private static void octet(int b, String format, ByteArrayOutputStream out) {
        if (b < ' ' || b > '~') {
            out.writeBytes(bytes(String.format(format, b)));
        } else {
            out.writeBytes(bytes((b == '\'' || b == '\\' ? "\\" : "") + (char) b));
        }
    }

    /** Python's {@code ascii()}. */
    static byte[] pythonAscii(byte[] value) {
        StringBuilder out = new StringBuilder();
        text(value).codePoints().forEach(point -> {
            if (point >= ' ' && point <= '~') {
                out.append(point == '\'' || point == '\\' ? "\\" : "").appendCodePoint(point);
            } else {
                out.append(String.format(point < 0x100 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x", point));
            }
        });
        return bytes(out.toString());
    }

    static byte[] codePoints(byte[] value, Random random, String format) {
        StringBuilder out = new StringBuilder();
        text(value).codePoints().forEach(point -> {
            boolean must = point == '\\' || point == '\'' || point < ' ';
            out.append(must || random.nextInt(4) == 0 ? String.format(format, point) : Character.toString(point));
        });
        return bytes(out.toString());
    }

    static byte[] percent(byte[] value, Random random, boolean form) {
        return Encoding.each(value, (b, out) -> {
            boolean plain = (b < 0x80 && Character.isLetterOrDigit(b)) || "-._~".indexOf(b) >= 0;
            if (form && b == ' ') {
                out.write('+');
            } else if (plain && random.nextInt(4) > 0) {
                out.write(b);
            } else {
                out.writeBytes(bytes(String.format(random.nextBoolean() ? "%%%02x" : "%%%02X", b)));
            }
        });
    }

    static byte[] html(byte[] value, Random random) {
        if (!Utf8.isValid(value)) {
            return value.clone();
        }
        StringBuilder out = new StringBuilder();
        text(value).codePoints().forEach(point -> out.append(html(point, random)));
        return bytes(out.toString());
    }

    private static String html(int point, Random random) {
        String name = switch (point) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&apos;";
            case 'ä' -> "&auml;";
            case 'ß' -> "&szlig;";
            case 0xa0 -> "&nbsp;";
            case 'ÿ' -> "&yuml;";
            default -> "";
        };
        return switch (random.nextInt(name.isEmpty() ? 6 : 3)) {
            case 0 -> name.isEmpty() ? Character.toString(point) : name;
            case 1 -> String.format("&#%03d;", point);
            case 2 -> String.format(random.nextBoolean() ? "&#x%x;" : "&#X%04X;", point);
            default -> Character.toString(point);
        };
    }

    static byte[] base32(byte[] value) {
        StringBuilder bits = new StringBuilder();
        for (byte b : value) {
            bits.append(String.format("%8s", Integer.toBinaryString(b & 0xff)).replace(' ', '0'));
        }
        while (bits.length() % 5 != 0) {
            bits.append('0');
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bits.length(); i += 5) {
            int digit = new BigInteger(bits.substring(i, i + 5), 2).intValue();
            out.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(digit));
        }
        while (out.length() % 8 != 0) {
            out.append('=');
        }
        return bytes(out.toString());
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return Encoding.bytes(text);
    }
}
