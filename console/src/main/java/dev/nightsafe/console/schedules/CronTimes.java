package dev.nightsafe.console.schedules;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/**
 * The times that a cron expression names in a time zone. Five fields are those of Unix cron, six begin with the second.
 *
 * <p>Where clocks are changed, a schedule of certain hours ({@code 30 2 * * *}) keeps to one task a time on the clock: a time
 * that is left out comes as much later as the clock was put forward, one that comes twice counts the first time. A schedule
 * of every hour, or every few ({@code *}/…), goes by the time that passes.
 */
public final class CronTimes {
    /** More than any zone was ever put forward or back. */
    private static final int LONGEST_CHANGE_HOURS = 25;

    private final CronExpression expression;
    private final boolean byPassingTime;
    private final ZoneId zone;

    private CronTimes(CronExpression expression, boolean byPassingTime, ZoneId zone) {
        this.expression = expression;
        this.byPassingTime = byPassingTime;
        this.zone = zone;
    }

    /** Throws {@link IllegalArgumentException} that says what is wrong with the expression. */
    public static CronTimes of(String cron, ZoneId zone) {
        String text = cron.strip();
        if (text.startsWith("@")) {
            return new CronTimes(CronExpression.parse(text), text.equals("@hourly"), zone);
        }
        String[] fields = text.split("\\s+", -1);
        if (fields.length == 5) {
            requireOneDay(fields[2], fields[4]);
            text = "0 " + text;
        }
        if (fields.length != 5 && fields.length != 6) {
            throw new IllegalArgumentException(
                    "it has " + fields.length + " fields; write five: minute, hour, day of month, month, day of week");
        }
        return new CronTimes(CronExpression.parse(text), fields[fields.length - 4].startsWith("*"), zone);
    }

    /** Unix cron would take days that fit either, this one days that fit both. */
    private static void requireOneDay(String ofMonth, String ofWeek) {
        if (isSome(ofMonth) && isSome(ofWeek)) {
            throw new IllegalArgumentException(
                    "day of month and day of week exclude each other here, as programs differ in what both mean; leave one"
                            + " of them *, and write two schedules for days that fit either");
        }
    }

    private static boolean isSome(String field) {
        return !field.equals("*") && !field.equals("?");
    }

    /** The first time after {@code after}; empty when there is none. */
    public Optional<Instant> after(Instant after) {
        if (byPassingTime) {
            return Optional.ofNullable(expression.next(after.atZone(zone))).map(ZonedDateTime::toInstant);
        }
        LocalDateTime onTheClock = after.atZone(zone).toLocalDateTime().minusHours(LONGEST_CHANGE_HOURS);
        while (true) {
            onTheClock = expression.next(onTheClock);
            if (onTheClock == null) {
                return Optional.empty();
            }
            Instant time = ZonedDateTime.of(onTheClock, zone).toInstant();
            if (time.isAfter(after)) {
                return Optional.of(time);
            }
        }
    }
}
