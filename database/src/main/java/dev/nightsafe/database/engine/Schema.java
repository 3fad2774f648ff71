package dev.nightsafe.database.engine;

import java.util.Locale;

/** The tables of one owner: a folder of migrations, a SQLite file, a PostgreSQL schema. */
public enum Schema {
    /** People, vaults, boxes, rules, queue definitions. The keeper may read it. */
    CONSOLE("1"),
    /** Tasks, leases, results, grants, runners. The console may read it. */
    KEEPER("1"),
    /** Opening keys and root; only the keeper reads it. */
    KEYS("1");

    private final String version;

    Schema(String version) {
        this.version = version;
    }

    /** The folder's and the PostgreSQL schema's name. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The migration that this program was written for: the highest in the folder. */
    String version() {
        return version;
    }
}
