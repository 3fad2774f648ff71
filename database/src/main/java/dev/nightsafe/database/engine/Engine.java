package dev.nightsafe.database.engine;

/** The kinds of database. */
public enum Engine {
    SQLITE,
    POSTGRESQL;

    /** {@code FOR UPDATE SKIP LOCKED} where the engine needs and knows it, else nothing. */
    public String skipLocked() {
        return switch (this) {
            case SQLITE -> "";
            case POSTGRESQL -> " FOR UPDATE SKIP LOCKED";
        };
    }
}
