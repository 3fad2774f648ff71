package dev.nightsafe.console.platform;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Stored times as the API tells them: ISO 8601 in UTC. */
public final class Times {
    private Times() {}

    public static String iso(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    public static @Nullable String isoOrNull(@Nullable Long millis) {
        return millis == null ? null : iso(millis);
    }
}
