package dev.nightsafe.runner.outbound;

/** Escapes that begin with a backslash, of all the languages that have them at once. */
final class Backslash {
    private static final String LETTERS = "nrtbfaveE";
    private static final byte[] MEANT = {'\n', '\r', '\t', '\b', '\f', 7, 11, 27, 27};

    private Backslash() {}

    /** As {@link Escape#undo}. */
    static int undo(byte[] in, int at, int to, Unescaped out, boolean latin) {
        if (at + 1 >= to) {
            return 0;
        }
        byte kind = in[at + 1];
        int length = switch (kind) {
            case 'u' -> unicode(in, at, to, out);
            case 'U' -> codePoint(in, at + 2, at + 10, to, out) ? 10 : 0;
            case 'x' -> octet(Digits.hex(in, at + 2, at + 4, to), latin, out) ? 4 : 0;
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(in, at, to, out, latin);
            case '\n' -> 2;
            default -> 0;
        };
        if (length == 0) {
            int letter = kind < 0 ? -1 : LETTERS.indexOf(kind);
            out.add(letter < 0 ? kind : MEANT[letter]);
            return 2;
        }
        return length;
    }

    private static int unicode(byte[] in, int at, int to, Unescaped out) {
        if (at + 2 < to && in[at + 2] == '{') {
            int end = Digits.endOf(in, at + 3, to, 16);
            return end < to && in[end] == '}' && codePoint(in, at + 3, end, to, out) ? end + 1 - at : 0;
        }
        int unit = Digits.hex(in, at + 2, at + 6, to);
        if (unit >= 0 && Character.isHighSurrogate((char) unit) && Escape.stands("\\u", in, at + 6, to)) {
            int low = Digits.hex(in, at + 8, at + 12, to);
            if (low >= 0 && Character.isLowSurrogate((char) low)) {
                out.addCodePoint(Character.toCodePoint((char) unit, (char) low));
                return 12;
            }
        }
        return codePoint(in, at + 2, at + 6, to, out) ? 6 : 0;
    }

    private static boolean codePoint(byte[] in, int from, int end, int to, Unescaped out) {
        int value = Digits.hex(in, from, end, to);
        if (value < 0) {
            return false;
        }
        out.addCodePoint(value);
        return true;
    }

    private static boolean octet(int value, boolean latin, Unescaped out) {
        if (value < 0) {
            return false;
        }
        out.hasOctets |= value >= 0x80;
        if (latin) {
            out.addCodePoint(value);
        } else {
            out.add(value);
        }
        return true;
    }

    private static int octal(byte[] in, int at, int to, Unescaped out, boolean latin) {
        int end = Digits.endOf(in, at + 1, Math.min(to, at + 4), 8);
        octet(Digits.number(in, at + 1, end, to, 8) & 0xff, latin, out);
        return end - at;
    }
}
