package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.Masking;

/** What of a value is looked for: all of it without the white space around it, and its short lines by themselves. */
final class Values {
    /** Of fewer significant bytes, a value is only found as it is. */
    static final int SHORTEST_FOLDED = Masking.SHORTEST_FULLY;

    /** A longer line is found as a part of the value. */
    private static final int LONGEST_LINE = 23;

    private static final int MOST_LINES = 4096;

    private Values() {}

    static void add(byte[] value, Forms.Builder folded, Forms.Builder exact) {
        int from = Masking.firstOf(value, 0, value.length);
        int to = Masking.endOf(value, from, value.length);
        folded.addAll(value, from, to, SHORTEST_FOLDED);
        if (Masking.significant(value, from, to) < SHORTEST_FOLDED) {
            exact.addExact(value, from, to);
        }
        addLines(value, from, to, folded);
    }

    private static void addLines(byte[] value, int from, int to, Forms.Builder folded) {
        int lines = 0;
        int begin = from;
        for (int i = from; i <= to && lines < MOST_LINES; i++) {
            if (i == to || value[i] == '\n' || value[i] == '\r') {
                if (i - begin < to - from && addLine(value, begin, i, folded)) {
                    lines++;
                }
                begin = i + 1;
            }
        }
    }

    private static boolean addLine(byte[] value, int begin, int end, Forms.Builder folded) {
        int from = Masking.firstOf(value, begin, end);
        int to = Masking.endOf(value, from, end);
        int significant = Masking.significant(value, from, to);
        if (significant < SHORTEST_FOLDED || significant > LONGEST_LINE) {
            return false;
        }
        folded.addAll(value, from, to, SHORTEST_FOLDED);
        return true;
    }
}
