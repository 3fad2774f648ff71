package dev.nightsafe.database.console;

import org.jspecify.annotations.Nullable;

/**
 * What is told of a key: everything but the box.
 *
 * @param plainValue of a plain entry, null for a secret
 * @param expiresAt milliseconds since 1970, 0 for never
 * @param rotateDays how often it should be replaced, 0 for not said
 * @param updatedAt milliseconds since 1970
 */
public record EntryRow(
        String key,
        long version,
        boolean isSecret,
        byte @Nullable [] plainValue,
        long expiresAt,
        int rotateDays,
        long updatedAt,
        String updatedBy) {}
