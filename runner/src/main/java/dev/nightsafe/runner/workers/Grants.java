package dev.nightsafe.runner.workers;

import dev.nightsafe.protocol.keeper.GrantBundle;
import org.jspecify.annotations.Nullable;

/** Asks the keeper for a deployment's values. */
@FunctionalInterface
public interface Grants {
    /** For {@code git_token} alone. */
    String GIT = "git";

    /** For a worker. */
    String WORKER = "worker";

    /**
     * An opened grant; the caller closes it.
     *
     * @param purpose {@link #GIT} or {@link #WORKER}
     * @param commit what was checked out, null before that and for folders
     * @throws dev.nightsafe.core.problem.NightsafeException when it is refused, or isn't the pinned root's
     */
    GrantBundle obtain(String purpose, @Nullable String commit);
}
