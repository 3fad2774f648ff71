package dev.nightsafe.keeper.tasks;

import dev.nightsafe.protocol.keeper.KeeperApi.Room;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The rooms that were given a task lately: a runner names a room again when its answer is still on the way. Forgets at a
 * restart, and the oldest; then a runner gets a task for which it has no room, and gives it back. Thread-safe.
 */
final class FilledRooms {
    private static final int RUNNERS = 10_000;
    /** More than two answers fill. */
    private static final int EACH = 256;

    private final Map<String, SequencedSet<Long>> runners = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SequencedSet<Long>> eldest) {
            return size() > RUNNERS;
        }
    };

    /** Those in which no task is yet, in their order. */
    synchronized List<Room> left(String runnerId, Collection<Room> rooms) {
        SequencedSet<Long> numbers = runners.get(runnerId);
        return numbers == null
                ? List.copyOf(rooms)
                : rooms.stream()
                        .filter(room -> !numbers.contains(room.number()))
                        .toList();
    }

    synchronized void fill(String runnerId, long number) {
        SequencedSet<Long> numbers = runners.computeIfAbsent(runnerId, _ -> new LinkedHashSet<>());
        numbers.add(number);
        if (numbers.size() > EACH) {
            numbers.removeFirst();
        }
    }
}
