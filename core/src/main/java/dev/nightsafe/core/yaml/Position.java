package dev.nightsafe.core.yaml;

/** A place in a file; line and column count from 1, columns in characters. */
public record Position(String file, int line, int column) {

    /** Where a file begins: for what concerns all of it. */
    public static Position startOf(String file) {
        return new Position(file, 1, 1);
    }

    /** The place of the character at {@code index}, counted in code points from 0. */
    static Position ofCodePoint(String file, String text, int index) {
        int line = 1;
        int column = 1;
        int seen = 0;
        for (int i = 0; i < text.length() && seen < index; i += Character.charCount(text.codePointAt(i)), seen++) {
            if (text.charAt(i) == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new Position(file, line, column);
    }

    /** {@code file:line:column}, as compilers write it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
