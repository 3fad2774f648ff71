package dev.nightsafe.e2e.faults;

import dev.nightsafe.e2e.faults.Event.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a history, by time, and says what must not be: something acknowledged is lost, two results count for one task, a
 * worker acts after another began on its task, a chain isn't whole, a value is in a file, the parts didn't find each other
 * again. For one history.
 */
final class Checker {
    /** From the last fault's end until every task has ended. */
    static final long BOUND_NANOS = 180_000_000_000L;

    private final List<Event> events;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Event.Submit> submitted = new TreeMap<>();
    private final Map<String, List<Event.Observed>> observed;
    private final Map<String, List<Event.Cancel>> cancels;
    /** Task and execution of each that came to its end. */
    private final Set<String> finished;

    private Checker(List<Event> events) {
        this.events = events;
        observed = of(Event.Observed.class).collect(Collectors.groupingBy(Event.Observed::task));
        cancels = of(Event.Cancel.class).collect(Collectors.groupingBy(Event.Cancel::task));
        finished = of(Event.Stamp.class)
                .filter(stamp -> stamp.kind() == Event.Stamp.Kind.END)
                .map(stamp -> stamp.task() + " " + stamp.execution())
                .collect(Collectors.toSet());
    }

    /** What the history has that must not be; empty when all is well. */
    static List<String> violations(List<Event> events) {
        Checker checker = new Checker(events);
        checker.check();
        return checker.violations;
    }

    private void check() {
        of(Event.Submit.class).forEach(this::submitted);
        violations.addAll(new Deposits(events).violations());
        violations.addAll(new LeaseOrder(events).violations());
        submitted.values().forEach(this::task);
        count();
        bound();
        rest();
    }

    private void submitted(Event.Submit submit) {
        Event.Submit before = submitted.get(submit.task());
        if (before == null || before.id() == null) {
            submitted.put(submit.task(), submit);
        } else if (submit.id() != null && !submit.id().equals(before.id())) {
            wrong("task %s was accepted twice, as %s and %s".formatted(submit.task(), before.id(), submit.id()));
        }
    }

    private void task(Event.Submit submit) {
        String name = submit.task();
        List<Event.Observed> ends = observed.getOrDefault(name, List.of()).stream()
                .filter(Event.Observed::isEnd)
                .toList();
        if (submit.outcome() != Outcome.DONE) {
            wrong("task %s was never accepted: the parts didn't find each other again".formatted(name));
        } else if (ends.isEmpty()) {
            wrong("task %s was acknowledged as %s and didn't end".formatted(name, submit.id()));
        } else {
            end(submit, ends);
        }
    }

    private void end(Event.Submit submit, List<Event.Observed> ends) {
        Event.Observed end = ends.getLast();
        ends.stream()
                .filter(other -> !isSame(other, end))
                .findFirst()
                .ifPresent(
                        other -> wrong("task %s has two ends: %s, and later %s".formatted(submit.task(), other, end)));
        List<Event.Cancel> all = cancels.getOrDefault(submit.task(), List.of());
        String wanted = submit.ending() == Event.Ending.FAIL ? "failed" : "succeeded";
        if (!end.state().equals(wanted) && !(end.state().equals("cancelled") && !all.isEmpty())) {
            wrong("task %s should have %s and is %s".formatted(submit.task(), wanted, end));
        }
        for (Event.Cancel cancel : all) {
            boolean ended = wanted.equals(cancel.state());
            if (cancel.outcome() == Outcome.DONE && !end.state().equals(ended ? wanted : "cancelled")) {
                wrong("task %s was cancelled (then %s) and is %s"
                        .formatted(submit.task(), cancel.state(), end.state()));
            }
        }
        if (end.state().equals("succeeded")) {
            result(end);
        }
    }

    private static boolean isSame(Event.Observed a, Event.Observed b) {
        return a.state().equals(b.state())
                && Objects.equals(a.execution(), b.execution())
                && Objects.equals(a.error(), b.error());
    }

    private void result(Event.Observed end) {
        boolean whole = end.execution() != null && finished.contains(end.task() + " " + end.execution());
        if (!whole) {
            wrong("task %s has a result of %s, which never came to its end".formatted(end.task(), end.execution()));
        }
    }

    private void count() {
        of(Event.Counted.class)
                .filter(counted -> counted.tasks() != submitted.size())
                .forEach(counted ->
                        wrong("%d tasks were submitted, %d are there".formatted(submitted.size(), counted.tasks())));
    }

    private void bound() {
        long lastFault = of(Event.Fault.class).mapToLong(Event::at).max().orElse(0);
        Map<String, Long> ends = new HashMap<>();
        of(Event.Observed.class).filter(Event.Observed::isEnd).forEach(end -> ends.putIfAbsent(end.task(), end.at()));
        long last = ends.values().stream().mapToLong(Long::longValue).max().orElse(0);
        if (lastFault > 0 && last - lastFault > BOUND_NANOS) {
            wrong("the last task ended %d s after the last fault".formatted((last - lastFault) / 1_000_000_000));
        }
    }

    private void rest() {
        of(Event.Ended.class)
                .forEach(ended ->
                        wrong("the %s ended by itself, with exit code %d".formatted(ended.part(), ended.exitCode())));
        of(Event.Strange.class)
                .forEach(strange -> wrong("%s was answered %s".formatted(strange.request(), strange.answer())));
        requireOne(Event.Verified.class);
        of(Event.Verified.class)
                .filter(verified -> !verified.whole())
                .forEach(verified -> wrong("an audit chain isn't whole: %s".formatted(verified.said())));
        requireOne(Event.Searched.class);
        of(Event.Searched.class)
                .filter(search -> !search.found().isEmpty())
                .forEach(search -> wrong("a value is in %s".formatted(search.found())));
        requireOne(Event.Counted.class);
    }

    /** A history that breaks off proves nothing. */
    private void requireOne(Class<? extends Event> type) {
        if (of(type).findAny().isEmpty()) {
            wrong("the history has no %s: it isn't whole".formatted(type.getSimpleName()));
        }
    }

    private <T extends Event> Stream<T> of(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast);
    }

    private void wrong(String what) {
        violations.add(what);
    }
}
