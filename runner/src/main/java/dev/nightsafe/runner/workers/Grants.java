package dev.nightsafe.runner.workers;

import dev.nightsafe.protocol.keeper.GrantBundle;
import org.jspecify.annotations.Nullable;

/** Asks the keeper for a deployment's values. */
@FunctionalInterface
public interface Grants {
    /** For {@code git_token} alone. */
    String GIT = "git";

    /**
     * What was granted.
     *
     * @param id the keeper's, for the record of what was done with it
     * @param bundle for the receiver to close
     */
    record Granted(String id, GrantBundle bundle) {}

    /** For a worker. */
    String WORKER = "worker";

    /**
     * An opened grant.
     *
     * @param purpose {@link #GIT} or {@link #WORKER}
     * @param commit what was checked out, null before that and for folders
     * @param valuesOf id of a grant whose versions are wanted, null for the newest
     * @throws dev.nightsafe.core.problem.NightsafeException when it is refused, or isn't the pinned root's
     */
    Granted obtain(String purpose, @Nullable String commit, @Nullable String valuesOf);
}
