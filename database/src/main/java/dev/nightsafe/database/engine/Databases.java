package dev.nightsafe.database.engine;

/** Opens databases. */
public final class Databases {
    private Databases() {}

    /**
     * Opens a database for the part that owns it, and migrates it.
     *
     * @throws dev.nightsafe.core.problem.NightsafeException {@code DATABASE_UNAVAILABLE} when it can't be reached, made or
     *     migrated, or another process owns it
     */
    public static Database open(DatabaseAddress address, Schema schema) {
        return open(address, schema, Tuning.PRODUCTION);
    }

    static Database open(DatabaseAddress address, Schema schema, Tuning tuning) {
        return new OwnedDatabase(backend(address, schema, tuning), schema, tuning);
    }

    /**
     * Another part's database, never written. This connects at the first read; until the owner has made and migrated it,
     * each read throws {@code DATABASE_UNAVAILABLE}, and the next one tries again.
     */
    public static Database openReadOnly(DatabaseAddress address, Schema schema) {
        return new ForeignDatabase(backend(address, schema, Tuning.PRODUCTION), schema, Tuning.PRODUCTION);
    }

    /** True when a row was refused because one with the same unique columns or primary key exists. */
    public static boolean isUniqueViolation(Throwable error) {
        return SqlErrors.isUniqueViolation(error);
    }

    private static Backend backend(DatabaseAddress address, Schema schema, Tuning tuning) {
        return switch (address) {
            case DatabaseAddress.Sqlite sqlite -> new SqliteBackend(sqlite, tuning);
            case DatabaseAddress.Postgresql postgresql -> new PostgresqlBackend(postgresql, schema, tuning);
        };
    }
}
