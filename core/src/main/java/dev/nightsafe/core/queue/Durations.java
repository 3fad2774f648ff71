package dev.nightsafe.core.queue;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as queue files write them: {@code 7d}, {@code 24h}, {@code 1h30m}, {@code 90s}; whole units, largest first. */
final class Durations {
    private static final long MOST = 10L * 365 * 86_400;
    private static final Pattern FORM =
            Pattern.compile("(?=.)(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?");
    private static final long[] SECONDS = {86_400, 3_600, 60, 1};

    private Durations() {}

    /** Seconds, or empty for another form and for more than ten years. */
    static Optional<Long> seconds(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long sum = 0;
        for (int i = 0; i < SECONDS.length; i++) {
            String group = matcher.group(i + 1);
            sum += group == null ? 0 : SECONDS[i] * Long.parseLong(group);
        }
        return inRange(sum);
    }

    static Optional<Long> inRange(long seconds) {
        return seconds >= 0 && seconds <= MOST ? Optional.of(seconds) : Optional.empty();
    }
}
