package dev.nightsafe.core.sealing;

import dev.nightsafe.core.signing.Message;

/**
 * What a deposit's box is bound to; it opens nowhere else.
 *
 * @param workspaceId id of the workspace, not its name
 * @param vaultId id of the vault, not its name
 * @param key the secret's key
 * @param version the version that this deposit makes, from 1
 * @param secret false for a plain entry
 */
public record DepositBinding(String workspaceId, String vaultId, String key, long version, boolean secret) {
    /** HPKE's {@code info} for a box under {@code lockId}. */
    public byte[] info(String lockId) {
        return Message.of("nightsafe/deposit/1")
                .add(workspaceId)
                .add(vaultId)
                .add(key)
                .add(version)
                .add(secret ? "secret" : "plain")
                .add(lockId)
                .bytes();
    }

    /**
     * What the console's HMAC over an accepted deposit covers: everything above, SHA-256 of the box and when it expires.
     *
     * @param expiresAt milliseconds since 1970, 0 for never
     */
    public byte[] authenticated(String lockId, byte[] boxHash, long expiresAt) {
        return Message.of("nightsafe/deposit-accepted/2")
                .add(info(lockId))
                .add(boxHash)
                .add(expiresAt)
                .bytes();
    }
}
