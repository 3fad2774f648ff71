package dev.nightsafe.runner.workers;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.List;
import java.util.Map;

/** Rooms that are offered with a task's end, once. What isn't {@link #answered} is offered anew. */
final class Wish implements AutoCloseable {
    private final TaskPoll poll;
    private final Map<Long, Room> offered;
    private final List<KeeperApi.Room> rooms;
    private boolean answered;

    /** @param offered by their numbers */
    Wish(TaskPoll poll, Map<Long, Room> offered) {
        this.poll = poll;
        this.offered = offered;
        this.rooms = offered.values().stream().map(Room::offer).toList();
    }

    List<KeeperApi.Room> rooms() {
        return rooms;
    }

    void answered(KeeperApi.Ended ended) {
        answered = true;
        if (ended.next() != null) {
            poll.came(new KeeperApi.TaskLeases(List.of(ended.next()), ended.now()), offered, null);
        }
    }

    @Override
    public void close() {
        if (!answered && !offered.isEmpty()) {
            poll.offerAnew(offered.values());
        }
    }
}
