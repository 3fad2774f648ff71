package dev.nightsafe.database.console;

import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Suite;

/**
 * A vault and its lock. Times are milliseconds since 1970.
 *
 * @param suite id of the lock's suite
 * @param lockId {@link Lock#id}
 * @param lockSerial higher than that of the vault's lock before
 * @param lockCertificate the keeper's root's signature
 * @param keepVersions how many values of each key are kept, the current one included
 * @param keepDays how long after it was replaced a value is kept; 0 for without end
 */
public record VaultRow(
        String id,
        String workspaceId,
        String name,
        String description,
        String kind,
        String suite,
        String lockId,
        byte[] lockPublicKey,
        long lockSerial,
        byte[] lockCertificate,
        int keepVersions,
        int keepDays,
        long createdAt,
        long updatedAt) {

    public Lock lock() {
        return new Lock(Suite.of(suite), lockPublicKey);
    }
}
