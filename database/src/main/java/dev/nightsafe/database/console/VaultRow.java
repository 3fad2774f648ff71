package dev.nightsafe.database.console;

import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Suite;

/**
 * A vault and its lock. Times are milliseconds since 1970.
 *
 * @param suite id of the lock's suite
 * @param lockId {@link Lock#id}
 * @param lockCertificate the keeper's root's signature
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
        byte[] lockCertificate,
        long createdAt,
        long updatedAt) {

    public Lock lock() {
        return new Lock(Suite.of(suite), lockPublicKey);
    }
}
