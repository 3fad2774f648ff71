package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.keeper.QueueStates.Waiting;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Whose turn it is among sub-queues in which tasks wait, of all queues for which a runner has room: each gets its share by
 * weight (start-time fair queueing: Goyal, Vin, Cheng 1996), and one that was empty for a while doesn't catch up. Each runner
 * shares by itself, since each has room for others. Forgets at a restart, which costs nobody more than one turn. Thread-safe.
 */
final class Turns {
    private static final int KEPT = 10_000;

    private record Lane(String queueId, String subQueue) {}

    private final RandomGenerator random;
    private final Map<String, OfRunner> runners = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, OfRunner> eldest) {
            return size() > KEPT;
        }
    };

    Turns(RandomGenerator random) {
        this.random = random;
    }

    /** The one whose turn it is; there must be one. */
    synchronized Waiting next(String runnerId, Collection<Waiting> waiting) {
        if (waiting.size() == 1) {
            return waiting.iterator().next();
        }
        OfRunner turns = runners.computeIfAbsent(runnerId, _ -> new OfRunner(waiting));
        return waiting.stream()
                .min(Comparator.comparingDouble(turns::turn)
                        .thenComparing(Comparator.comparingLong(Waiting::weight).reversed())
                        .thenComparing(Waiting::subQueue)
                        .thenComparing(Waiting::queueId))
                .orElseThrow();
    }

    /** A task of this sub-queue was taken; {@code waiting} is what it was chosen from: alone it uses nobody's share. */
    synchronized void took(String runnerId, Waiting from, Collection<Waiting> waiting) {
        if (waiting.size() > 1) {
            runners.computeIfAbsent(runnerId, _ -> new OfRunner(waiting)).took(from);
        }
    }

    /** What isn't in {@link #next} has its turn now. */
    private final class OfRunner {
        private final Map<Lane, Double> next = new HashMap<>();
        private double now;

        /** Each somewhere in its first turn: runners that come and go must not all begin with the heaviest. */
        OfRunner(Collection<Waiting> first) {
            first.forEach(waiting -> next.put(lane(waiting), random.nextDouble() / waiting.weight()));
        }

        double turn(Waiting waiting) {
            return Math.max(now, next.getOrDefault(lane(waiting), now));
        }

        void took(Waiting from) {
            now = turn(from);
            next.put(lane(from), now + 1.0 / from.weight());
            next.values().removeIf(turn -> turn <= now);
        }
    }

    private static Lane lane(Waiting waiting) {
        return new Lane(waiting.queueId(), waiting.subQueue());
    }
}
