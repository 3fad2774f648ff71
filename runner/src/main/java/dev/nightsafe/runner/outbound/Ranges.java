package dev.nightsafe.runner.outbound;

import java.util.Arrays;

/** Parts of a text, each from a first byte to the one after its last. For use by one thread. */
final class Ranges {
    private long[] packed = new long[4];
    private int count;

    void add(int from, int to) {
        if (count == packed.length) {
            packed = Arrays.copyOf(packed, count * 2);
        }
        packed[count++] = ((long) from << 32) | to;
    }

    void addAll(Ranges others) {
        for (int i = 0; i < others.count; i++) {
            add(others.from(i), others.to(i));
        }
    }

    /** Each so much farther on. */
    Ranges moved(int by) {
        Ranges moved = new Ranges();
        for (int i = 0; i < count; i++) {
            moved.add(from(i) + by, to(i) + by);
        }
        return moved;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    int from(int i) {
        return (int) (packed[i] >>> 32);
    }

    int to(int i) {
        return (int) packed[i];
    }

    /** The lengths of all together. */
    int total() {
        int total = 0;
        for (int i = 0; i < count; i++) {
            total += to(i) - from(i);
        }
        return total;
    }

    /** In order, those that overlap or adjoin made one. */
    Ranges merged() {
        if (count < 2) {
            return this;
        }
        Arrays.sort(packed, 0, count);
        Ranges merged = new Ranges();
        for (int i = 0; i < count; i++) {
            int last = merged.count - 1;
            if (last >= 0 && from(i) <= merged.to(last)) {
                merged.packed[last] = ((long) merged.from(last) << 32) | Math.max(merged.to(last), to(i));
            } else {
                merged.add(from(i), to(i));
            }
        }
        return merged;
    }
}
