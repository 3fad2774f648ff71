package dev.nightsafe.core.queue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How much of what a task's program says leaves its site; {@code docs/boundary.md} says it field by field. A queue asks
 * for it and a runner bounds it.
 */
public record Disclosure(Results results, Errors errors, Logs logs) {

    /** Of what a task gives back; the least first. */
    public enum Results {
        /** State, times and exit code. */
        STATUS,
        /** What people read at a glance, and no detail. */
        SUMMARY,
        /** Everything. */
        FULL
    }

    /** Of how a task failed; the least first. */
    public enum Errors {
        /** The kind of error. */
        TYPE,
        /** And what it says. */
        MESSAGE,
        /** And where in the code, which shows lines of it. */
        TRACEBACK
    }

    /** Of what a program prints while it has a task; the least first. */
    public enum Logs {
        /** Nothing: it stays in a file at the site. */
        LOCAL,
        /** Redacted and sanitized. */
        TRANSMIT
    }

    /** What a queue asks for, and a runner permits, when nothing is written: all that a task gives back, and no logs. */
    public static final Disclosure USUAL = new Disclosure(Results.FULL, Errors.TRACEBACK, Logs.LOCAL);

    /** What both permit. */
    public Disclosure within(Disclosure bound) {
        return new Disclosure(less(results, bound.results), less(errors, bound.errors), less(logs, bound.logs));
    }

    /** True when it says no more than {@code bound} permits. */
    public boolean isWithin(Disclosure bound) {
        return equals(within(bound));
    }

    /** {@code results full, errors traceback, logs local}: each of the three, so that the same is always the same text. */
    public String text() {
        return "results " + word(results) + ", errors " + word(errors) + ", logs " + word(logs);
    }

    /** What {@link #text} made of; empty for any other text. */
    public static Optional<Disclosure> read(String text) {
        return Arrays.stream(Results.values())
                .flatMap(results -> Arrays.stream(Errors.values())
                        .flatMap(errors ->
                                Arrays.stream(Logs.values()).map(logs -> new Disclosure(results, errors, logs))))
                .filter(each -> each.text().equals(text))
                .findFirst();
    }

    private static <E extends Enum<E>> E less(E one, E other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** As in files: {@code full}. */
    public static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /** The choice of this word, empty when there is none. */
    public static <E extends Enum<E>> Optional<E> choice(Class<E> choices, String word) {
        return Arrays.stream(choices.getEnumConstants())
                .filter(each -> word(each).equals(word))
                .findFirst();
    }

    /** The words to choose from, the most first, as people read a list: {@code full, summary or status}. */
    public static <E extends Enum<E>> String words(Class<E> choices) {
        List<String> words = Arrays.stream(choices.getEnumConstants())
                .sorted(Comparator.reverseOrder())
                .map(Disclosure::word)
                .toList();
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
