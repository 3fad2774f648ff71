package dev.nightsafe.sdk;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exceptions as a task's error. */
final class Failures {
    private static final String OURS = Failures.class.getPackageName() + ".";

    private Failures() {}

    /** {@code Type: message}, an empty line, and the stack trace without what isn't the program's. */
    static String described(Throwable error) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        trim(error, seen);
        StringWriter trace = new StringWriter();
        String headline = headline(error);
        try {
            error.printStackTrace(new PrintWriter(trace));
        } catch (RuntimeException e) { // a message that can't be shown
            return headline;
        }
        return headline + "\n\n" + trace;
    }

    static String headline(Throwable error) {
        String name = error.getClass().getSimpleName().isEmpty()
                ? error.getClass().getName()
                : error.getClass().getSimpleName();
        String message;
        try {
            message = error.getMessage();
        } catch (RuntimeException e) {
            message = "(its message can't be shown)";
        }
        return message == null || message.isEmpty() ? name : name + ": " + message;
    }

    /** Leaves the frames before the first of ours, of its causes too. */
    private static void trim(@Nullable Throwable error, Set<Throwable> seen) {
        if (error == null || !seen.add(error)) {
            return;
        }
        StackTraceElement[] frames = error.getStackTrace();
        int theirs = 0;
        while (theirs < frames.length && !frames[theirs].getClassName().startsWith(OURS)) {
            theirs++;
        }
        error.setStackTrace(Arrays.copyOf(frames, theirs));
        trim(error.getCause(), seen);
        for (Throwable suppressed : error.getSuppressed()) {
            trim(suppressed, seen);
        }
    }
}
