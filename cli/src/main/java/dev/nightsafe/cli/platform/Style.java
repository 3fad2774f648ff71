package dev.nightsafe.cli.platform;

import java.util.Map;

/** Colours, only on a terminal and where {@code NO_COLOR} isn't set. */
public final class Style {
    /** No colours. */
    public static final Style PLAIN = new Style(false);

    private final boolean colours;

    private Style(boolean colours) {
        this.colours = colours;
    }

    static Style of(Map<String, String> environment, Keyboard keyboard) {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || "dumb".equals(environment.getOrDefault("TERM", "dumb"));
        return refused || !keyboard.isPresent() ? PLAIN : new Style(true);
    }

    /** True when output goes to a terminal that understands escape sequences; then a line may be rewritten. */
    public boolean isLive() {
        return colours;
    }

    public String strong(String text) {
        return paint("1", text);
    }

    public String faint(String text) {
        return paint("2", text);
    }

    public String good(String text) {
        return paint("32", text);
    }

    public String warning(String text) {
        return paint("33", text);
    }

    public String bad(String text) {
        return paint("31", text);
    }

    private String paint(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
