package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Until when a value is good, as people write it. */
final class TermsInput {
    private static final Pattern DAYS = Pattern.compile("([0-9]{1,4})d");

    private TermsInput() {}

    /** A time for the console: a date is its first moment in UTC. */
    static @Nullable String expires(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant().toString()
                    : LocalDate.parse(text)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toString();
        } catch (DateTimeException e) {
            throw CliException.usage(
                    "--expires is a date, or a time with its zone",
                    "for example --expires 2027-01-01 or --expires 2027-01-01T18:00:00+01:00");
        }
    }

    static @Nullable Integer rotateEveryDays(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher days = DAYS.matcher(text);
        if (!days.matches()) {
            throw CliException.usage(
                    "--rotate-every is a number of days", "for example --rotate-every 90d, 0d for never");
        }
        return Integer.valueOf(days.group(1));
    }
}
