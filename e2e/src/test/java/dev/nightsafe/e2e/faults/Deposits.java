package dev.nightsafe.e2e.faults;

import dev.nightsafe.e2e.faults.Event.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The checker's part for deposits: none that was acknowledged is lost, and later workers have the newest. */
final class Deposits {
    /** The suffix of tasks that a worker of their own runs, which is granted its values after they were submitted. */
    static final String FRESH = "-fresh";

    private final List<Event> events;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, List<Event.Deposit>> byKey = new TreeMap<>();
    private final Map<String, Long> submitted = new HashMap<>();
    private final Set<String> refused = new HashSet<>();

    Deposits(List<Event> events) {
        this.events = events;
    }

    List<String> violations() {
        for (Event event : events) {
            switch (event) {
                case Event.Deposit deposit -> deposited(deposit);
                case Event.Submit submit -> submitted.putIfAbsent(submit.task(), submit.begun());
                case Event.Started started -> real(started.numbers());
                case Event.Observed seen -> seen(seen);
                case Event.Stored stored -> stored(stored);
                default -> {}
            }
        }
        return violations;
    }

    private void deposited(Event.Deposit deposit) {
        if (deposit.outcome() == Outcome.REFUSED) {
            refused.add(deposit.key() + deposit.number());
        }
        List<Event.Deposit> before = byKey.computeIfAbsent(deposit.key(), _ -> new ArrayList<>());
        if (deposit.outcome() == Outcome.DONE) {
            long newest = acknowledged(before, Long.MAX_VALUE, true);
            if (deposit.version() <= newest) {
                wrong("deposit %d of %s became version %d after %d was acknowledged"
                        .formatted(deposit.number(), deposit.key(), deposit.version(), newest));
            }
        }
        before.add(deposit);
    }

    private void seen(Event.Observed seen) {
        Long begun = submitted.get(seen.task());
        if (seen.numbers().isEmpty() || begun == null) {
            return;
        }
        real(seen.numbers());
        if (seen.task().endsWith(FRESH)) {
            byKey.forEach((key, deposits) -> {
                long newest = acknowledged(deposits, begun, false);
                if (seen.numbers().getOrDefault(key, 0L) < newest) {
                    wrong("task %s had %s of %s, %d was acknowledged before it was submitted"
                            .formatted(seen.task(), seen.numbers().get(key), key, newest));
                }
            });
        }
    }

    /** A number that nobody deposited, or that was refused, is in no worker. */
    private void real(Map<String, Long> numbers) {
        numbers.forEach((key, number) -> {
            if (refused.contains(key + number)) {
                wrong("a worker has deposit %d of %s, which was refused".formatted(number, key));
            }
        });
    }

    private void stored(Event.Stored stored) {
        long newest = acknowledged(byKey.getOrDefault(stored.key(), List.of()), Long.MAX_VALUE, true);
        if (stored.version() < newest) {
            wrong("%s is at version %d, %d was acknowledged".formatted(stored.key(), stored.version(), newest));
        }
    }

    /** The newest version, or number, that was acknowledged by then. */
    private static long acknowledged(List<Event.Deposit> deposits, long by, boolean version) {
        return deposits.stream()
                .filter(deposit -> deposit.outcome() == Outcome.DONE && deposit.at() < by)
                .mapToLong(deposit -> version ? deposit.version() : deposit.number())
                .max()
                .orElse(0);
    }

    private void wrong(String what) {
        violations.add(what);
    }
}
