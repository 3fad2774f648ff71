package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.queue.Disclosure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The parts of what a program says when it fails: the kind of error, its message, where it happened. Tracebacks as
 * Python, Java, JavaScript and Go write them are known; of what isn't understood the lesser part leaves.
 */
public final class ErrorText {
    private static final int LONGEST_MESSAGE = 2000;
    private static final int LONGEST_TYPE = 100;
    private static final String UNKNOWN = "error";

    /** Names of classes, not any word before a colon: that could be a customer's. */
    private static final Pattern TYPE =
            Pattern.compile("(?:[A-Za-z_$][\\w$]*\\.)*[A-Z][\\w$]*(?:Error|Exception|Exit|Interrupt|Failure|Timeout)");

    private final String text;

    private ErrorText(String text) {
        this.text = text;
    }

    /** What of {@code text} may leave. */
    public static String of(String text, Disclosure.Errors permitted) {
        return switch (permitted) {
            case TRACEBACK -> text;
            case MESSAGE -> new ErrorText(text).message();
            case TYPE -> new ErrorText(text).type();
        };
    }

    private String type() {
        String first = message().lines().findFirst().orElse("");
        int colon = first.indexOf(':');
        String name = (colon < 0 ? first : first.substring(0, colon)).strip();
        return name.length() <= LONGEST_TYPE && TYPE.matcher(name).matches() ? name : UNKNOWN;
    }

    private String message() {
        List<String> lines = text.strip().lines().toList();
        int trace = firstOfTrace(lines);
        String message = trace < 0
                ? String.join("\n", lines)
                : trace == 0 ? behindTrace(lines) : firstParagraph(lines.subList(0, trace));
        String cut = message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
        return cut.isBlank() ? UNKNOWN : cut;
    }

    private static int firstOfTrace(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (isOfTrace(lines.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isOfTrace(String line) {
        String bare = line.strip();
        return bare.contains("Traceback (most recent call last)")
                || bare.startsWith("File \"")
                || bare.startsWith("goroutine ")
                || (bare.startsWith("at ") && !bare.equals(line));
    }

    private static String firstParagraph(List<String> lines) {
        List<String> paragraph = new ArrayList<>();
        for (String line : lines) {
            if (line.isBlank() && !paragraph.isEmpty()) {
                break;
            }
            paragraph.add(line);
        }
        return String.join("\n", paragraph).strip();
    }

    /** Python names the error last; lines of code are indented, the error isn't. */
    private static String behindTrace(List<String> lines) {
        int from = lines.size();
        while (from > 0 && !lines.get(from - 1).startsWith(" ") && !isOfTrace(lines.get(from - 1))) {
            from--;
        }
        return firstParagraph(lines.subList(from, lines.size()));
    }
}
