package dev.nightsafe.core.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with one file or several, gathered so that a person sees all of it at once. What is added names fields
 * and places, never a value from the file: a value may be a secret in the wrong place. Not safe for use by several
 * threads.
 */
public final class Faults {
    /** So many are shown; the others are counted. */
    public static final int SHOWN = 20;

    private static final int LONGEST_NAME = 64;

    private final List<Fault> shown = new ArrayList<>();
    private int count;

    private record Fault(Position at, String what) {}

    /** Adds a fault: what is wrong and what to write instead. The same one twice (by an alias) counts once. */
    public void add(Position at, String what) {
        Fault fault = new Fault(at, what);
        if (shown.contains(fault)) {
            return;
        }
        if (shown.size() < SHOWN) {
            shown.add(fault);
        }
        count++;
    }

    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** {@code file:line:column: what}, one a line in the order of the file, then how many more there are. */
    public String text() {
        String lines = shown.stream()
                .sorted(Comparator.comparing((Fault fault) -> fault.at().file())
                        .thenComparingInt(fault -> fault.at().line())
                        .thenComparingInt(fault -> fault.at().column()))
                .map(fault -> fault.at() + ": " + fault.what())
                .collect(Collectors.joining("\n"));
        return count > SHOWN ? lines + "\nand " + (count - SHOWN) + " more" : lines;
    }

    /** A name from a file as an error may show it: in quotes, cut, and only visible ASCII as it is. */
    public static String quoted(String name) {
        StringBuilder out = new StringBuilder("'");
        name.codePoints()
                .limit(LONGEST_NAME)
                .forEach(c -> out.append(
                        c >= 0x20 && c < 0x7f ? Character.toString(c) : "\\u{" + Integer.toHexString(c) + "}"));
        return out.append(name.codePointCount(0, name.length()) > LONGEST_NAME ? "…'" : "'")
                .toString();
    }
}
