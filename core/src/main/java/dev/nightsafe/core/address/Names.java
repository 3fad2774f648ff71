package dev.nightsafe.core.address;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What names may look like. They are ASCII, compared exactly, and two that differ only in case don't live side by side
 * (see {@link #folded}).
 */
public final class Names {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9._-]{0,127}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Names() {}

    /**
     * Checks the name of a vault, queue, workspace, project, domain or site.
     *
     * @param what how an error calls it, for example {@code vault}
     */
    public static String requireName(String what, String name) {
        if (!isName(name)) {
            throw new NightsafeException(
                    ProblemCode.INVALID_NAME,
                    "not a " + what + " name; use 1 to 64 ASCII letters, digits, '_' and '-', a letter or digit first");
        }
        return name;
    }

    /** True when {@link #requireName} takes it. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Checks a secret's key, and that a worker's environment may have it when it is a variable name. */
    public static String requireKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new NightsafeException(
                    ProblemCode.INVALID_NAME,
                    "not a key; use 1 to 128 ASCII letters, digits, '.', '_' and '-', a letter or '_' first");
        }
        return requireNotReserved(key);
    }

    /** Checks the name of an environment variable that a secret is given as. */
    public static String requireVariable(String name) {
        if (name.length() > 128 || !isVariable(name)) {
            throw new NightsafeException(
                    ProblemCode.INVALID_NAME,
                    "not an environment variable name; use ASCII letters, digits and '_', no digit first");
        }
        return requireNotReserved(name);
    }

    /** True when a whole vault injects this key; others are asked for one by one. */
    public static boolean isVariable(String key) {
        return VARIABLE.matcher(key).matches();
    }

    /** True for a variable that decides how a program starts, what it loads or whom it talks to; in any case. */
    public static boolean isReserved(String name) {
        return ReservedNames.has(name.toUpperCase(Locale.ROOT));
    }

    /** The form under which a name is unique. */
    public static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String requireNotReserved(String name) {
        if (isReserved(name)) {
            throw new NightsafeException(
                    ProblemCode.RESERVED_NAME,
                    "'" + name
                            + "' is reserved: it would change how a worker starts or what it loads; use another name");
        }
        return name;
    }
}
