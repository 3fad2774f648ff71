package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A grant request that was found to be the runner's own, in time, for the first time, and for the deployment that its
 * lease and the console agree on.
 *
 * @param commit what the runner says that it found, null before it cloned and for folders
 * @param oneTimeLock what the answer is sealed to
 * @param message the bytes that the runner signed
 * @param versions those that are asked for, by vault's id and key; null for the newest
 */
record CheckedRequest(
        Runners.Row runner,
        ServingLeases.Row lease,
        Deployment deployment,
        Purpose purpose,
        @Nullable String commit,
        Lock oneTimeLock,
        byte[] message,
        @Nullable Map<ValueKey, Long> versions) {

    /** A secret, whatever its version. */
    record ValueKey(String vaultId, String key) {}

    /** What a grant is for. */
    enum Purpose {
        /** The {@code git_token} alone, to clone with; never injected. */
        GIT,
        /** Everything that a worker is started with, never the {@code git_token}. */
        WORKER
    }
}
