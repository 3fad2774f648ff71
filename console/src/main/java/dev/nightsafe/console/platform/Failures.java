package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.Locale;
import java.util.regex.Pattern;

/** The failures that more than one feature answers with, worded once. */
public final class Failures {
    private static final int SHOWN = 64;
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Failures() {}

    /** A vault of another workspace fails with exactly this, too (I6). */
    public static NightsafeException vaultNotFound(String name) {
        return new NightsafeException(ProblemCode.VAULT_NOT_FOUND, "vault not found: '" + shown(name) + "'");
    }

    /** A queue of another workspace fails with exactly this, too (I6). */
    public static NightsafeException queueNotFound(String name) {
        return new NightsafeException(ProblemCode.QUEUE_NOT_FOUND, "queue not found: '" + shown(name) + "'");
    }

    /** Whatever else isn't there, or is another workspace's (I6). */
    public static NightsafeException notFound(String what, String name) {
        return new NightsafeException(ProblemCode.NOT_FOUND, what + " not found: '" + shown(name) + "'");
    }

    /** @param taken the name that is there already, in the same or another case */
    public static NightsafeException alreadyExists(String what, String name, String taken) {
        return new NightsafeException(
                ProblemCode.ALREADY_EXISTS,
                taken.equals(name)
                        ? what + " '" + name + "' exists already"
                        : what + " '" + taken
                                + "' exists already, and names that differ only in case don't live side by"
                                + " side; use that one or another name");
    }

    public static NightsafeException badRequest(String message) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, message);
    }

    /** A task's or runner's id as it is passed on; what can't be one isn't found. */
    public static String requireId(String what, String id) {
        if (!UUID.matcher(id).matches()) {
            throw notFound(what, id);
        }
        return id;
    }

    /** A number of the query within its bounds. */
    public static int requireWithin(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw badRequest("'" + name + "' is a number from " + min + " to " + max);
        }
        return value;
    }

    /** A text of one line that people will see. */
    public static String requireLine(String name, String text, int max) {
        if (text.isBlank() || text.length() > max || text.codePoints().anyMatch(Failures::isUnfit)) {
            throw badRequest(String.format(
                    Locale.ROOT,
                    "'%s' is a text of 1 to %d characters, on one line and without control characters",
                    name,
                    max));
        }
        return text;
    }

    /** What ends a line, turns its direction, or, as half of a surrogate pair, is no character at all. */
    private static boolean isUnfit(int point) {
        return Character.isISOControl(point)
                || Character.getType(point) == Character.SURROGATE
                || Character.getType(point) == Character.LINE_SEPARATOR
                || Character.getType(point) == Character.PARAGRAPH_SEPARATOR
                || (point >= 0x202a && point <= 0x202e)
                || (point >= 0x2066 && point <= 0x2069);
    }

    private static String shown(String name) {
        return name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…";
    }
}
