package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.keeper.QueueStates.Waiting;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose turn it is among sub-queues in which tasks wait: each gets its share by weight (start-time fair queueing: Goyal,
 * Vin, Cheng 1996), and one that was empty for a while doesn't catch up. Forgets at a restart, which costs nobody more
 * than one turn. Thread-safe.
 */
final class Turns {
    private static final int KEPT = 10_000;

    private record Lane(String queueId, String subQueue) {}

    private double now;
    private final Map<Lane, Double> next = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Lane, Double> eldest) {
            return size() > KEPT;
        }
    };

    /** The same, the one whose turn it is first. */
    synchronized List<Waiting> order(List<Waiting> waiting) {
        return waiting.stream()
                .sorted(Comparator.comparingDouble(this::turn)
                        .thenComparing(Comparator.comparingLong(Waiting::weight).reversed())
                        .thenComparing(Waiting::subQueue))
                .toList();
    }

    /** A task of this sub-queue was taken. */
    synchronized void took(Waiting from) {
        now = turn(from);
        next.put(lane(from), now + 1.0 / from.weight());
    }

    private double turn(Waiting waiting) {
        return Math.max(now, next.getOrDefault(lane(waiting), now));
    }

    private static Lane lane(Waiting waiting) {
        return new Lane(waiting.queueId(), waiting.subQueue());
    }
}
