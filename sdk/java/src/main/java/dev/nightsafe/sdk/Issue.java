package dev.nightsafe.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong: {@code Issue.of(2, "disk full").affected("db-1").actual("0 % free").nextStep("prune logs")}.
 *
 * @param severity 1 critical: act now; 2 high: act today; 3 medium: plan it; 4 low: good to know
 * @param title in one line
 * @param affected the resource that has the problem
 * @param expected what should be
 * @param actual what is
 * @param nextSteps what to do about it
 */
public record Issue(
        int severity,
        String title,
        @Nullable String affected,
        @Nullable String expected,
        @Nullable String actual,
        List<String> nextSteps) {
    public Issue {
        if (severity < 1 || severity > 4) {
            throw new IllegalArgumentException("an issue's severity is 1 (most severe), 2, 3 or 4");
        }
        Objects.requireNonNull(title, "title");
        nextSteps = List.copyOf(nextSteps);
    }

    /** An issue without details. Throws {@link IllegalArgumentException} for another severity than 1 to 4. */
    public static Issue of(int severity, String title) {
        return new Issue(severity, title, null, null, null, List.of());
    }

    /** The same, with the resource that has the problem. */
    public Issue affected(String what) {
        return new Issue(severity, title, what, expected, actual, nextSteps);
    }

    /** The same, with what should be. */
    public Issue expected(String what) {
        return new Issue(severity, title, affected, what, actual, nextSteps);
    }

    /** The same, with what is. */
    public Issue actual(String what) {
        return new Issue(severity, title, affected, expected, what, nextSteps);
    }

    /** The same, with one more thing to do about it. */
    public Issue nextStep(String what) {
        List<String> more = new ArrayList<>(nextSteps);
        more.add(what);
        return new Issue(severity, title, affected, expected, actual, more);
    }
}
