package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Databases;

/** Commits that make something with a name. */
public final class Creation {
    private Creation() {}

    /**
     * Commits. A name that another console took at the same moment is {@link ProblemCode#ALREADY_EXISTS}, like one that
     * the work finds taken.
     */
    public static <T> T commit(Committer committer, String what, String name, Committer.Work<T> work) {
        try {
            return committer.commit(work);
        } catch (RuntimeException e) {
            if (Databases.isUniqueViolation(e)) {
                throw Failures.alreadyExists(what, name, name);
            }
            throw e;
        }
    }
}
