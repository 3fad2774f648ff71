package dev.nightsafe.database.console;

import org.jspecify.annotations.Nullable;

/**
 * A version before the current one.
 *
 * @param box null once its value was destroyed
 * @param acceptedMac as in {@link SecretRow}; empty without a box
 * @param origin empty for a box as it was deposited; else what the keeper said of the one that it sealed anew
 * @param plainValue of a plain entry that has its box still
 * @param expiresAt milliseconds since 1970, 0 for never; the MAC covers it
 * @param depositedAt milliseconds since 1970
 * @param state {@code kept}, {@code pruned}, {@code forgotten}
 * @param since when it came to be so, milliseconds since 1970
 */
public record SecretVersionRow(
        String vaultId,
        String key,
        long version,
        String suite,
        String lockId,
        byte @Nullable [] box,
        byte[] boxHash,
        byte[] acceptedMac,
        byte[] origin,
        boolean isSecret,
        byte @Nullable [] plainValue,
        long expiresAt,
        long depositedAt,
        String depositedBy,
        String state,
        long since) {}
