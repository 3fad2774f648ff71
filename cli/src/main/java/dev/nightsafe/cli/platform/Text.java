package dev.nightsafe.cli.platform;

/** Text that others wrote, made safe to show: a description must not move the cursor or change the terminal. */
public final class Text {
    private Text() {}

    /** The text on one line, with control and direction-changing characters shown as {@code \}{@code u....}. */
    public static String oneLine(String text) {
        return escape(text, false);
    }

    /** As {@link #oneLine}, but line ends and tabs stay. */
    public static String lines(String text) {
        return escape(text, true);
    }

    /** An ISO time without its fraction of a second. */
    public static String time(String iso) {
        return oneLine(iso).replaceFirst("\\.[0-9]+", "");
    }

    /** {@code 1 entry}, {@code 2 entries}. */
    public static String count(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private static String escape(String text, boolean keepLines) {
        if (text.codePoints().noneMatch(point -> isUnsafe(point, keepLines))) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isUnsafe(point, keepLines)) {
                safe.append(String.format(java.util.Locale.ROOT, "\\u%04x", point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }

    private static boolean isUnsafe(int point, boolean keepLines) {
        if (keepLines && (point == '\n' || point == '\t')) {
            return false;
        }
        return Character.isISOControl(point)
                || Character.getType(point) == Character.FORMAT
                || Character.getType(point) == Character.LINE_SEPARATOR
                || Character.getType(point) == Character.PARAGRAPH_SEPARATOR
                || Character.getType(point) == Character.SURROGATE;
    }
}
