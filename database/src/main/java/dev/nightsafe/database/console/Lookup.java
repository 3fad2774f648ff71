package dev.nightsafe.database.console;

/** Texts from outside as they are looked up. */
final class Lookup {
    /** The unique index is on the folded name; without it each look-up would read all names. */
    static final String BY_NAME = "name_folded = :folded AND name = :name";

    private Lookup() {}

    /** The text, or one that no row has: PostgreSQL takes no NUL, and no name has one. */
    static String key(String text) {
        return text.indexOf('\0') < 0 ? text : "";
    }
}
