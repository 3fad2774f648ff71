package dev.nightsafe.e2e.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checker's part for leases: once a worker begins on a task, no worker that had it before acts on it. Only a machine
 * that stood still may be late, for as long as its runner needs to notice that its leases are over: nobody else can stop
 * its workers, and their results are refused.
 */
final class LeaseOrder {
    /** How long a runner that stood still has to end its workers. */
    static final long NOTICE_NANOS = 5_000_000_000L;

    private final List<Event> events;
    private final List<Event.Paused> pauses;

    /** What a worker did for a task. */
    private record Execution(String task, String name, long pid, long begun, long last) {
        Execution until(long at) {
            return new Execution(task, name, pid, begun, Math.max(last, at));
        }
    }

    LeaseOrder(List<Event> events) {
        this.events = events;
        this.pauses = events.stream()
                .filter(Event.Paused.class::isInstance)
                .map(Event.Paused.class::cast)
                .toList();
    }

    List<String> violations() {
        Map<String, Map<String, Execution>> byTask = new LinkedHashMap<>();
        for (Event event : events) {
            if (event instanceof Event.Stamp stamp) {
                Execution begun = new Execution(stamp.task(), stamp.execution(), stamp.pid(), stamp.at(), stamp.at());
                byTask.computeIfAbsent(stamp.task(), _ -> new LinkedHashMap<>())
                        .merge(stamp.execution(), begun, (before, _) -> before.until(stamp.at()));
            }
        }
        List<String> violations = new ArrayList<>();
        byTask.values().forEach(executions -> check(List.copyOf(executions.values()), violations));
        return violations;
    }

    /** @param executions of one task, by their beginning */
    private void check(List<Execution> executions, List<String> violations) {
        for (int i = 1; i < executions.size(); i++) {
            Execution before = executions.get(i - 1);
            Execution next = executions.get(i);
            if (before.last() >= next.begun() && !stoodStill(before, next)) {
                violations.add("execution %s of task %s acted %d ms after %s had begun"
                        .formatted(
                                before.name(), before.task(), (before.last() - next.begun()) / 1_000_000, next.name()));
            }
        }
    }

    private boolean stoodStill(Execution before, Execution next) {
        return pauses.stream()
                .anyMatch(pause -> pause.pids().contains(before.pid())
                        && pause.begun() < next.begun()
                        && pause.at() + NOTICE_NANOS > before.last());
    }
}
