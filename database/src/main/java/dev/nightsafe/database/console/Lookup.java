package dev.nightsafe.database.console;

/** Texts from outside as they are looked up. */
final class Lookup {
    private Lookup() {}

    /** The text, or one that no row has: PostgreSQL takes no NUL, and no name has one. */
    static String key(String text) {
        return text.indexOf('\0') < 0 ? text : "";
    }
}
