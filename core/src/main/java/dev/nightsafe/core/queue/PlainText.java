package dev.nightsafe.core.queue;

/** Text that shows a reader all of itself: people consent to what they see of a deployment. */
final class PlainText {
    private PlainText() {}

    /** True without control characters, line ends, and invisible or direction-changing characters. */
    static boolean isVisible(String text) {
        return text.codePoints().allMatch(PlainText::isVisible);
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> c == ' ' || !Character.isSpaceChar(c);
        };
    }
}
