package dev.nightsafe.database.engine;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a database's error means, in one place for both engines. */
final class SqlErrors {
    private static final int PRIMARY = 0xff;
    /** Nothing is wrong with the statement: the database can't take it now, or at all. */
    private static final Set<Integer> SQLITE_UNAVAILABLE = Set.of(
            SQLiteErrorCode.SQLITE_BUSY.code,
            SQLiteErrorCode.SQLITE_LOCKED.code,
            SQLiteErrorCode.SQLITE_NOMEM.code,
            SQLiteErrorCode.SQLITE_READONLY.code,
            SQLiteErrorCode.SQLITE_IOERR.code,
            SQLiteErrorCode.SQLITE_CORRUPT.code,
            SQLiteErrorCode.SQLITE_FULL.code,
            SQLiteErrorCode.SQLITE_CANTOPEN.code,
            SQLiteErrorCode.SQLITE_PROTOCOL.code,
            SQLiteErrorCode.SQLITE_NOTADB.code);
    /** Connection, sign-in, resources, operator, system, internal, corrupt; lock timeout; a standby; no such database. */
    private static final Set<String> POSTGRESQL_UNAVAILABLE = Set.of("08", "28", "53", "57", "58", "XX");

    private static final String LOCK_TIMEOUT = "55P03";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final Set<String> POSTGRESQL_UNAVAILABLE_STATES = Set.of(LOCK_TIMEOUT, "25006", "3D000");

    private SqlErrors() {}

    static boolean isUniqueViolation(Throwable error) {
        return find(error, SqlErrors::violatesUnique).isPresent();
    }

    static boolean isUnavailable(Throwable error) {
        return find(error, SqlErrors::saysUnavailable).isPresent();
    }

    static boolean isLockTimeout(SQLException error) {
        return LOCK_TIMEOUT.equals(error.getSQLState());
    }

    /**
     * True when a COMMIT that failed like this may have become durable all the same: the connection was lost in the
     * middle, or the write-ahead log was written but not synced. A log that couldn't be written holds no commit, because
     * the commit is the last that is written to it.
     */
    static boolean leavesCommitUnknown(SQLException error) {
        return error instanceof SQLiteException sqlite
                ? (sqlite.getResultCode().code & PRIMARY) == SQLiteErrorCode.SQLITE_IOERR.code
                        && sqlite.getResultCode() != SQLiteErrorCode.SQLITE_IOERR_WRITE
                : isUnavailable(error);
    }

    /** The engine's own name for the error, without any text of the statement: safe to show. */
    static String name(Throwable error) {
        return find(error, e -> true)
                .map(e -> e instanceof SQLiteException sqlite
                        ? sqlite.getResultCode().name()
                        : "SQLSTATE " + e.getSQLState())
                .orElse(error.getClass().getSimpleName());
    }

    /** What an operator can do about it, where that is known. */
    static Optional<String> advice(Throwable error) {
        String state = find(error, e -> e.getSQLState() != null)
                .map(SQLException::getSQLState)
                .orElse("");
        return switch (state) {
            case "08001", "08004", "08006" -> Optional.of("start the server, or correct its address");
            case "28000", "28P01" -> Optional.of("correct the user or the password");
            case "3D000", INSUFFICIENT_PRIVILEGE ->
                Optional.of("run deploy/postgresql/setup.sql as the server's administrator");
            default -> Optional.empty();
        };
    }

    /** True when the role that asked lacks a right. */
    static boolean isForbidden(SQLException error) {
        return INSUFFICIENT_PRIVILEGE.equals(error.getSQLState());
    }

    private static boolean violatesUnique(SQLException error) {
        return error instanceof SQLiteException sqlite
                ? sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
                : "23505".equals(error.getSQLState());
    }

    private static boolean saysUnavailable(SQLException error) {
        if (error instanceof SQLTransientConnectionException || error instanceof SQLNonTransientConnectionException) {
            return true;
        }
        if (error instanceof SQLiteException sqlite) {
            return SQLITE_UNAVAILABLE.contains(sqlite.getResultCode().code & PRIMARY);
        }
        String state = error.getSQLState();
        return state != null
                && state.length() == 5
                && (POSTGRESQL_UNAVAILABLE.contains(state.substring(0, 2))
                        || POSTGRESQL_UNAVAILABLE_STATES.contains(state));
    }

    private static Optional<SQLException> find(Throwable error, Predicate<SQLException> predicate) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && predicate.test(sql)) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
