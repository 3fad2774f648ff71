package dev.nightsafe.core.secret;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * How well a runner can mask a value in what leaves it ({@code docs/redaction.md}). Significant are the bytes that are
 * neither white space nor ':'.
 */
public enum Masking {
    /** In all encodings. */
    FULLY,
    /** In all encodings, but ordinary text that agrees with it too: a word, a number, a run of the same character. */
    COMMON,
    /** Only as it is: it has fewer than 8 significant bytes. */
    PLAIN,
    /** Not at all: it has fewer than 4 bytes, or is part of one of the task protocol's own words. */
    NEVER;

    /** Fewer bytes aren't masked. */
    public static final int SHORTEST = 4;

    /** Fewer significant bytes are masked only as they are. */
    public static final int SHORTEST_FULLY = 8;

    private static final int LONGEST_WORD = 12;
    private static final List<String> PROTOCOL_WORDS = List.of(
            "task_id",
            "status",
            "ready",
            "result",
            "error",
            "retry",
            "report",
            "progress",
            "issues",
            "severity",
            "title",
            "affected",
            "expected",
            "actual",
            "next_steps",
            "true",
            "false",
            "null");

    /** What holds for a value. White space around it doesn't count. */
    public static Masking of(SecretBytes value) {
        return value.exposing(Masking::of);
    }

    private static Masking of(byte[] value) {
        int from = firstOf(value, 0, value.length);
        int to = endOf(value, from, value.length);
        if (to - from < SHORTEST || PROTOCOL_WORDS.stream().anyMatch(word -> contains(word, value, from, to))) {
            return NEVER;
        }
        if (significant(value, from, to) < SHORTEST_FULLY) {
            return PLAIN;
        }
        return isCommon(value, from, to) ? COMMON : FULLY;
    }

    /** The first byte that isn't white space. */
    public static int firstOf(byte[] value, int from, int to) {
        int first = from;
        while (first < to && isSpace(value[first])) {
            first++;
        }
        return first;
    }

    /** Behind the last byte that isn't white space. */
    public static int endOf(byte[] value, int from, int to) {
        int end = to;
        while (end > from && isSpace(value[end - 1])) {
            end--;
        }
        return end;
    }

    /** How many significant bytes there are. */
    public static int significant(byte[] value, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += isSignificant(value[i]) ? 1 : 0;
        }
        return count;
    }

    public static boolean isSignificant(int b) {
        return !isSpace(b) && b != ':';
    }

    private static boolean isSpace(int b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private static boolean isCommon(byte[] value, int from, int to) {
        if (value[from] == value[to - 1] && all(value, from, to, b -> b == value[from])) {
            return true;
        }
        return to - from <= LONGEST_WORD
                && (all(value, from, to, b -> isLetter(b) || b == ' ')
                        || all(value, from, to, b -> (b >= '0' && b <= '9') || " .,:/+-".indexOf(b) >= 0));
    }

    private static boolean isLetter(int b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
    }

    private static boolean all(byte[] value, int from, int to, IntPredicate test) {
        for (int i = from; i < to; i++) {
            if (!test.test(value[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whatever the case, and with '-' for '_': what is masked agrees as loosely. */
    private static boolean contains(String word, byte[] value, int from, int to) {
        for (int at = 0; at + to - from <= word.length(); at++) {
            int same = 0;
            while (same < to - from && word.charAt(at + same) == folded(value[from + same])) {
                same++;
            }
            if (same == to - from) {
                return true;
            }
        }
        return false;
    }

    private static int folded(byte b) {
        return b == '-' ? '_' : Character.toLowerCase(b);
    }
}
