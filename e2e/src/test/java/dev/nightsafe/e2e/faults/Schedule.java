package dev.nightsafe.e2e.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * The faults of a seed, one step after the other, without end. Each kind comes once before any comes again. For one
 * thread.
 */
final class Schedule {
    private static final int LONGEST_PAUSE_MILLIS = 2500;
    private static final int LEAST_MILLIS = 500;
    /** Above a task's lease in this test, so that now and then one is lost. */
    private static final int LONGEST_MILLIS = 9000;

    private static final int TOGETHER_ONE_OF = 4;

    private final Random random;
    private final List<FaultKind> kinds;
    private final List<FaultKind> deck = new ArrayList<>();

    /**
     * Faults that begin together.
     *
     * @param pauseMillis before they begin
     * @param lengthMillis until they end
     * @param victim which of several it is
     */
    record Step(long pauseMillis, List<FaultKind> kinds, long lengthMillis, int victim) {
        @Override
        public String toString() {
            return "after %d ms, for %d ms: %s (victim %d)"
                    .formatted(
                            pauseMillis,
                            lengthMillis,
                            kinds.stream().map(Enum::name).collect(Collectors.joining(" and ")),
                            victim);
        }
    }

    Schedule(long seed, EngineUnderTest engine) {
        this.random = new Random(seed);
        this.kinds = Arrays.stream(FaultKind.values())
                .filter(kind -> kind.isOn(engine))
                .toList();
    }

    Step next() {
        List<FaultKind> now = new ArrayList<>(List.of(draw()));
        if (random.nextInt(TOGETHER_ONE_OF) == 0) {
            FaultKind other = draw();
            if (other.target().equals(now.getFirst().target())) {
                deck.add(other);
            } else {
                now.add(other);
            }
        }
        Collections.sort(now);
        // Most are short; the square makes the long ones, which outlast leases, rare.
        double share = random.nextDouble() * random.nextDouble();
        long length = LEAST_MILLIS + (long) (share * (LONGEST_MILLIS - LEAST_MILLIS));
        return new Step(random.nextInt(LONGEST_PAUSE_MILLIS), List.copyOf(now), length, random.nextInt(100));
    }

    private FaultKind draw() {
        if (deck.isEmpty()) {
            deck.addAll(kinds);
            Collections.shuffle(deck, random);
        }
        return deck.removeLast();
    }
}
