package dev.nightsafe.database.engine;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.sql.SQLException;

/** What callers of the committer are told. */
final class Failures {
    private Failures() {}

    /** For each submission of a group that failed as a whole; a new one each, because each is thrown elsewhere. */
    static NightsafeException ofGroup(Throwable error, Schema schema) {
        if (error instanceof NightsafeException known) {
            return new NightsafeException(known.code(), String.valueOf(known.getMessage()), known);
        }
        return new NightsafeException(
                SqlErrors.isUnavailable(error) ? ProblemCode.DATABASE_UNAVAILABLE : ProblemCode.INTERNAL,
                "the " + schema.id() + " database can't be written (" + SqlErrors.name(error)
                        + "); nothing of this was stored. See the log, repair it, and try again",
                error);
    }

    static NightsafeException unknown(SQLException error, Schema schema) {
        return new NightsafeException(
                ProblemCode.OUTCOME_UNKNOWN,
                "the " + schema.id() + " database was lost while committing (" + SqlErrors.name(error)
                        + "); it is not known whether this was stored. Look before trying again",
                error);
    }

    static NightsafeException full() {
        return new NightsafeException(
                ProblemCode.OVERLOADED, "too many changes wait for the database; nothing was stored, try again later");
    }

    static NightsafeException stopping() {
        return new NightsafeException(
                ProblemCode.OVERLOADED, "this process is stopping; nothing was stored, try again when it is back");
    }
}
