package dev.nightsafe.core;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a property on many seeds; a failure names its seed, and {@code -Dseed=N} replays it alone. The testkit has the
 * same for the other modules, which it depends on as it does on this one.
 */
public final class Seeds {
    private Seeds() {}

    public static void forEach(int count, Consumer<Random> property) {
        Long replay = Long.getLong("seed");
        long first = replay == null ? System.nanoTime() : replay;
        for (long seed = first; seed < first + (replay == null ? count : 1); seed++) {
            try {
                property.accept(new Random(seed));
            } catch (Throwable e) {
                throw new AssertionError("fails with -Dseed=" + seed, e);
            }
        }
    }
}
