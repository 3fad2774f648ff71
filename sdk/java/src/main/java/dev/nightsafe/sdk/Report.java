package dev.nightsafe.sdk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what a task tells people, within what {@code spec/report.schema.json} lets out. Thread-safe. */
final class Report {
    static final int MOST_BYTES = 256 << 10;

    private static final int NAME = 200;
    private static final int TEXT = 2000;
    private static final int SUMMARY = 4000;
    private static final int LINES = 10_000;
    private static final int NEXT_STEPS = 20;

    private final Map<String, Object> single = new LinkedHashMap<>();
    private final Items issues = new Items("issues", 100);
    private final Items steps = new Items("steps", 500);
    private final Items nextSteps = new Items("next_steps", NEXT_STEPS);
    private final Items entries = new Items("entries", 500);

    /** A list of the report. */
    private static final class Items {
        private final String name;
        private final int most;
        private final List<Object> items = new ArrayList<>();
        private int leftOut;

        private Items(String name, int most) {
            this.name = name;
            this.most = most;
        }

        private void add(Object item) {
            if (items.size() < most) {
                items.add(item);
            } else {
                leftOut++;
            }
        }
    }

    synchronized void summary(String text) {
        single.put("summary", Texts.cut(text, SUMMARY));
    }

    synchronized void exitCode(int code) {
        single.put("exit_code", code);
    }

    synchronized void issue(Issue issue) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("severity", issue.severity());
        made.put("title", Texts.cut(issue.title(), NAME));
        put(made, "affected", issue.affected(), NAME);
        put(made, "expected", issue.expected(), TEXT);
        put(made, "actual", issue.actual(), TEXT);
        if (!issue.nextSteps().isEmpty()) {
            made.put(
                    "next_steps",
                    issue.nextSteps().stream()
                            .limit(NEXT_STEPS)
                            .map(step -> Texts.cut(step, TEXT))
                            .toList());
        }
        issues.add(made);
    }

    synchronized void step(String name, Outcome outcome, @Nullable String note) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("name", Texts.cut(name, NAME));
        made.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
        put(made, "note", note, TEXT);
        steps.add(made);
    }

    synchronized void entry(String name, String value) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("name", Texts.cut(name, NAME));
        made.put("value", Texts.cut(value, TEXT));
        entries.add(made);
    }

    synchronized void entry(String lines) {
        entries.add(Map.of("text", Texts.cut(lines, LINES)));
    }

    synchronized void nextStep(String text) {
        nextSteps.add(Texts.cut(text, TEXT));
    }

    private static void put(Map<String, Object> made, String name, @Nullable String text, int most) {
        if (text != null) {
            made.put(name, Texts.cut(text, most));
        }
    }

    /** The answer's {@code report}, or null when there is nothing to report. */
    synchronized @Nullable Map<String, Object> toJson() {
        Map<String, Object> made = new LinkedHashMap<>(single);
        int leftOut = 0;
        int room = MOST_BYTES - 100 - JsonText.write(single).length; // 100: the names of the lists and left_out
        for (Items list : List.of(issues, steps, nextSteps, entries)) {
            List<Object> fitting = new ArrayList<>();
            for (Object item : list.items) {
                int size = JsonText.write(item).length + 1;
                if (size <= room) {
                    room -= size;
                    fitting.add(item);
                }
            }
            leftOut += list.leftOut + list.items.size() - fitting.size();
            if (!fitting.isEmpty()) {
                made.put(list.name, fitting);
            }
        }
        if (leftOut > 0) {
            made.put("left_out", leftOut);
        }
        return made.isEmpty() ? null : made;
    }
}
