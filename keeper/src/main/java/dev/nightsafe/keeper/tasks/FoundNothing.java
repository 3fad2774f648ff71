package dev.nightsafe.keeper.tasks;

import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.protocol.keeper.KeeperApi.Room;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What polls that found nothing looked for: who asks for the same again is told so without the database, while no task
 * became ready. What isn't noticed here (time, other keepers, a lease that ends) is noticed when this is forgotten, a moment
 * later. Thread-safe.
 */
final class FoundNothing {
    /** As long as a poll may be told that there is nothing although there is. */
    static final long MILLIS = 250;

    private static final int MOST = 10_000;

    private final Map<String, Look> byRunner = new ConcurrentHashMap<>();

    /** A look of this runner's at leases that were its own and current, and had no task for it. */
    void remember(String runnerId, Look look) {
        if (byRunner.size() >= MOST) {
            byRunner.clear();
        }
        byRunner.put(runnerId, look);
    }

    /** True when another look would find nothing for these rooms. */
    boolean holds(Answering.Caller caller, List<Room> rooms, long changes, long now) {
        Look look = byRunner.get(caller.runnerId());
        return look != null
                && look.changes() == changes
                && now >= look.at()
                && now - look.at() < MILLIS
                && rooms.stream().allMatch(room -> look.isOf(room.servingLeaseId()));
    }
}
