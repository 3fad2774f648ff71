package dev.nightsafe.runner.outbound;

/** Ways of escaping a text, undone: whatever an encoder chose to escape, one text comes out. */
enum Escape {
    /** JSON's, Python's, C's, JavaScript's, and the shell's outside of quotes and in {@code $'…'}; {@code \xXX} a byte. */
    BACKSLASH('\\') {
        @Override
        int undo(byte[] in, int at, int to, Unescaped out) {
            return Backslash.undo(in, at, to, out, false);
        }
    },
    /** The same, {@code \xXX} a character. */
    BACKSLASH_LATIN('\\') {
        @Override
        int undo(byte[] in, int at, int to, Unescaped out) {
            return Backslash.undo(in, at, to, out, true);
        }
    },
    /** {@code %XX} of URLs. */
    PERCENT('%') {
        @Override
        int undo(byte[] in, int at, int to, Unescaped out) {
            int value = Digits.hex(in, at + 1, at + 3, to);
            if (value < 0) {
                return 0;
            }
            out.add(value);
            return 3;
        }
    },
    /** {@code +} for a space, in forms. */
    PLUS('+') {
        @Override
        int undo(byte[] in, int at, int to, Unescaped out) {
            out.add(' ');
            return 1;
        }
    },
    /** HTML's and XML's. */
    ENTITY('&') {
        @Override
        int undo(byte[] in, int at, int to, Unescaped out) {
            return Entities.undo(in, at, to, out);
        }
    },
    /** A single quote inside the shell's single quotes: {@code '\''} or {@code '"'"'}. */
    QUOTES('\'') {
        @Override
        int undo(byte[] in, int at, int to, Unescaped out) {
            for (String spelling : new String[] {"'\\''", "'\"'\"'"}) {
                if (stands(spelling, in, at, to)) {
                    out.add('\'');
                    return spelling.length();
                }
            }
            return 0;
        }
    };

    private final char lead;

    Escape(char lead) {
        this.lead = lead;
    }

    /** The byte that begins each of them. */
    int lead() {
        return lead;
    }

    /**
     * Adds what the escape at {@code at} stands for, never more bytes than it has.
     *
     * @return its length; 0 when none begins there, and nothing was added
     */
    abstract int undo(byte[] in, int at, int to, Unescaped out);

    static boolean stands(String word, byte[] in, int at, int to) {
        if (at + word.length() > to) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (in[at + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
