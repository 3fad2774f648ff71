package dev.nightsafe.database.console;

import dev.nightsafe.core.signing.Message;
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
 * @param mac the console's, over {@link #authenticated}
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
        @Nullable String problem,
        byte[] mac) {

    /** One that was just asked for, without its MAC. */
    public static RekeyRow of(String vaultId, String id, long startedAt, String startedBy) {
        return new RekeyRow(vaultId, id, null, 0, 0, 0, startedAt, startedBy, null, null, new byte[0]);
    }

    /** What the console's MAC covers: all but how far it is, which decides nothing. */
    public byte[] authenticated() {
        return Message.of("nightsafe/rekey/1")
                .add(vaultId)
                .add(id)
                .add(lockId == null ? "none" : "lock " + lockId)
                .add(startedAt)
                .add(startedBy)
                .add(finishedAt == null ? "under way" : "finished " + finishedAt)
                .bytes();
    }

    public RekeyRow withMac(byte[] mac) {
        return new RekeyRow(vaultId, id, lockId, total, done, refused, startedAt, startedBy, finishedAt, problem, mac);
    }

    /** With the lock that everything is to be under, and how much that is; with the MAC that it had before. */
    public RekeyRow relocked(String lockId, long total) {
        return new RekeyRow(vaultId, id, lockId, total, done, refused, startedAt, startedBy, finishedAt, problem, mac);
    }

    /** Over, with the MAC that it had before. */
    public RekeyRow finished(long at) {
        return new RekeyRow(vaultId, id, lockId, total, done, 0, startedAt, startedBy, at, null, mac);
    }

    public boolean isFinished() {
        return finishedAt != null;
    }
}
