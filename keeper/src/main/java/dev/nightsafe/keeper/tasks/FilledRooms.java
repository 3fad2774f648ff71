package dev.nightsafe.keeper.tasks;

import dev.nightsafe.protocol.keeper.KeeperApi.Room;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rooms that were given a task lately: a runner names a room again when its answer is still on the way. Forgets at a
 * restart, and the oldest; then a runner gets a task for which it has no room, and gives it back. Thread-safe.
 */
final class FilledRooms {
    private static final int RUNNERS = 10_000;
    private static final int EACH = 64;

    private static final class Ring {
        private final long[] numbers = new long[EACH];
        private int at;

        void add(long number) {
            numbers[at] = number;
            at = (at + 1) % EACH;
        }

        boolean has(long number) {
            return Arrays.stream(numbers).anyMatch(filled -> filled == number);
        }
    }

    private final Map<String, Ring> runners = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ring> eldest) {
            return size() > RUNNERS;
        }
    };

    /** Those in which no task is yet, in their order. */
    synchronized List<Room> left(String runnerId, Collection<Room> rooms) {
        Ring ring = runners.get(runnerId);
        return ring == null
                ? List.copyOf(rooms)
                : rooms.stream().filter(room -> !ring.has(room.number())).toList();
    }

    synchronized void fill(String runnerId, long number) {
        runners.computeIfAbsent(runnerId, _ -> new Ring()).add(number);
    }
}
