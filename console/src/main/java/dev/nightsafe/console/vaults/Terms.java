package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.database.console.EntryRow;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Until when an entry is good, and what somebody should be reminded of. */
final class Terms {
    /** How long before it expires one is reminded. */
    static final long SOON = Duration.ofDays(14).toMillis();

    private static final int MOST_DAYS = 3650;
    private static final int LAST_YEAR = 9999;
    private static final long DAY = Duration.ofDays(1).toMillis();

    private Terms() {}

    /** Milliseconds since 1970, 0 for never. What can't be read is refused, never taken for "never" (I7). */
    static long expiresAt(@Nullable String expires, long now) {
        if (expires == null) {
            return 0;
        }
        try {
            OffsetDateTime at = OffsetDateTime.parse(expires);
            if (at.getYear() <= LAST_YEAR && at.toInstant().toEpochMilli() > now) {
                return at.toInstant().toEpochMilli();
            }
        } catch (DateTimeException | ArithmeticException e) {
            // falls through to the one error
        }
        throw Failures.badRequest("'expires' is a time in the future with its zone, for example 2027-01-01T00:00:00Z");
    }

    static @Nullable Integer rotateDays(@Nullable Integer days) {
        if (days != null) {
            Failures.requireWithin("rotateEveryDays", days, 0, MOST_DAYS);
        }
        return days;
    }

    static ConsoleApi.Terms of(EntryRow row, long now) {
        return new ConsoleApi.Terms(
                row.expiresAt() == 0 ? null : Times.iso(row.expiresAt()),
                row.rotateDays() == 0 ? null : row.rotateDays(),
                reminder(row, now));
    }

    private static @Nullable String reminder(EntryRow row, long now) {
        if (row.expiresAt() != 0 && row.expiresAt() <= now + SOON) {
            return row.expiresAt() <= now ? "expired" : "expires-soon";
        }
        return row.rotateDays() != 0 && row.updatedAt() + row.rotateDays() * DAY <= now ? "rotation-due" : null;
    }
}
