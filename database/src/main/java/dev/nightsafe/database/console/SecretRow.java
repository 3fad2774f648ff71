package dev.nightsafe.database.console;

import org.jspecify.annotations.Nullable;

/**
 * A key's newest deposit.
 *
 * @param version from 1; it never goes back, also not over an unset
 * @param box {@code enc ‖ ciphertext}
 * @param acceptedMac the console's HMAC over {@link dev.nightsafe.core.sealing.DepositBinding#authenticated}
 * @param origin empty for a box as it was deposited; else what the keeper said of the one that it sealed anew
 * @param isSecret false for a plain entry
 * @param plainValue of a plain entry, null for a secret
 * @param expiresAt milliseconds since 1970, 0 for never; the MAC covers it
 * @param rotateDays how often it should be replaced, 0 for not said
 * @param updatedAt milliseconds since 1970
 */
public record SecretRow(
        String vaultId,
        String key,
        long version,
        String suite,
        String lockId,
        byte[] box,
        byte[] boxHash,
        byte[] acceptedMac,
        byte[] origin,
        boolean isSecret,
        byte @Nullable [] plainValue,
        long expiresAt,
        int rotateDays,
        long updatedAt,
        String updatedBy) {}
