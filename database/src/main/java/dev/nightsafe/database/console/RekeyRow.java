package dev.nightsafe.database.console;

import org.jspecify.annotations.Nullable;

/**
 * A vault's newest rekey. Times are milliseconds since 1970.
 *
 * @param lockId the lock that everything is to be under; null until the keeper made it
 * @param total values that were under another lock then
 * @param done how many of them were sealed anew
 * @param refused how many the keeper couldn't open when it was last tried
 * @param finishedAt null while it is under way
 * @param problem why it doesn't go on just now
 */
public record RekeyRow(
        String vaultId,
        String id,
        @Nullable String lockId,
        long total,
        long done,
        long refused,
        long startedAt,
        String startedBy,
        @Nullable Long finishedAt,
        @Nullable String problem) {

    public boolean isFinished() {
        return finishedAt != null;
    }
}
