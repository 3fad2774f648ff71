package dev.nightsafe.sdk;

import java.util.Locale;

/** Texts as they may go out. */
final class Texts {
    /** Characters of a progress text. */
    static final int PROGRESS = 1000;

    private Texts() {}

    /** At most so many characters, of which the last is an ellipsis when some were cut. */
    static String cut(String text, int most) {
        String shown = printable(text.length() > 2 * most + 2 ? text.substring(0, 2 * most + 2) : text);
        if (shown.codePointCount(0, shown.length()) <= most) {
            return shown;
        }
        return shown.substring(0, shown.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** The text with lone surrogates, which UTF-8 can't hold, written as escapes. */
    static String printable(String text) {
        if (isUnicode(text)) {
            return text;
        }
        StringBuilder made = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isSurrogate(point)) {
                made.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                made.appendCodePoint(point);
            }
        });
        return made.toString();
    }

    static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (Character.isSurrogate(each)) {
                if (!Character.isHighSurrogate(each)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(++i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
