package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.outbound.Outbound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * This runner's one poll for tasks. It offers the rooms of all workers that wait for a task, of whichever queue; when they
 * become others, another poll takes its place at the keeper. Of what comes for a room that isn't there any more, another
 * worker of the same queue gets it, or it is given back. Thread-safe.
 */
public final class TaskPoll implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("nightsafe.runner");
    private static final int MOST_AT_ONCE = 100;

    private final Outbound outbound;
    private final Timings timings;
    private final int maxTasks;
    private final Map<Long, Room> open = new LinkedHashMap<>();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private @Nullable Poll newest;
    private long lastNumber = ThreadLocalRandom.current().nextLong(1L << 50);
    private int inHand;
    /** How many may yet come with polls that aren't answered, those that were ended too. */
    private int expected;

    private int hasty;

    /** @param maxTasks at once, of all queues together */
    public TaskPoll(Outbound outbound, Timings timings, int maxTasks) {
        this.outbound = outbound;
        this.timings = timings;
        this.maxTasks = maxTasks;
    }

    /** Offers room for one task. */
    synchronized Room enter(ServedLease lease, @Nullable String grant) {
        Room room = new Room(lease, grant);
        room.number(++lastNumber);
        open.put(room.number(), room);
        refresh();
        return room;
    }

    /** Takes the offer back; the task that came before, or null. */
    synchronized @Nullable TaskInHand leave(Room room) {
        room.leave();
        if (open.remove(room.number()) != null) {
            refresh();
        }
        return room.task().getNow(null);
    }

    /**
     * What to ask for with a task's end: that no poll is needed where a task waits for its worker, or for one that had to wait
     * since {@code maxTasks} were in hand.
     *
     * @param own of the worker that had the task; null when it takes none now
     */
    synchronized Wish wish(@Nullable Room own) {
        Map<Long, Room> offered = new LinkedHashMap<>();
        if (!closing.isDone()) {
            if (own != null) {
                own.number(++lastNumber);
                offered.put(own.number(), own);
            }
            open.values().stream()
                    .filter(room -> newest == null || !newest.awaited.contains(room.number()))
                    .limit(KeeperApi.TaskLeaseRequest.MOST_ROOMS - 1)
                    .forEach(room -> offered.put(room.number(), room));
        }
        return new Wish(this, offered);
    }

    /** One request; another is sent when rooms come or go, and ends it. */
    final class Poll implements Runnable {
        private final Map<Long, Room> offered;
        private final Set<Long> awaited;
        private final KeeperApi.TaskLeaseRequest request;
        /** Whether it ended with nothing, sooner than it was asked for. */
        private boolean early;

        Poll(Map<Long, Room> offered, int free) {
            this.offered = Map.copyOf(offered);
            this.awaited = new HashSet<>(offered.keySet());
            this.request = new KeeperApi.TaskLeaseRequest(
                    offered.values().stream().map(Room::offer).toList(),
                    Math.clamp(Math.min(offered.size(), free), 1, MOST_AT_ONCE),
                    offered.isEmpty() ? 0 : timings.poll().toMillis());
        }

        int most() {
            return offered.isEmpty() ? 0 : request.max();
        }

        @Override
        public void run() {
            long begun = System.nanoTime();
            try {
                KeeperApi.TaskLeases answer = outbound.tasks(request);
                Duration took = Duration.ofNanos(System.nanoTime() - begun);
                early = answer.leases().isEmpty() && took.toMillis() < request.waitMillis() / 2;
                came(answer, offered, this);
            } catch (NightsafeException e) {
                LOG.log(System.Logger.Level.DEBUG, "no task could be asked for: {0}", e.getMessage());
                failed(this);
            } catch (RuntimeException e) {
                // Whatever it was, the workers that wait for this poll must not wait for ever.
                LOG.log(System.Logger.Level.ERROR, "asking for a task failed", e);
                failed(this);
            }
        }
    }

    /** Sends another poll when the rooms are others than those of the one that is open. */
    private synchronized void refresh() {
        if (closing.isDone()) {
            return;
        }
        if (!isOffered(offer(maxTasks - inHand))) {
            int free = maxTasks - inHand - expected;
            Map<Long, Room> offer = offer(free); // nothing, until an answer has told how many came
            if (!isOffered(offer)) {
                Poll poll = new Poll(offer, free);
                newest = poll;
                expected += poll.most();
                Thread.ofVirtual().name("task poll").start(poll);
            }
        }
    }

    private boolean isOffered(Map<Long, Room> offer) {
        return newest == null ? offer.isEmpty() : newest.awaited.equals(offer.keySet());
    }

    private Map<Long, Room> offer(int free) {
        Map<Long, Room> offer = new LinkedHashMap<>();
        if (free > 0) {
            open.values().stream()
                    .limit(KeeperApi.TaskLeaseRequest.MOST_ROOMS)
                    .forEach(room -> offer.put(room.number(), room));
        }
        return offer;
    }

    /** The keeper may have filled rooms, and nobody will hear of it. */
    private void failed(Poll poll) {
        boolean wasNewest;
        synchronized (this) {
            expected -= poll.most();
            wasNewest = newest == poll;
            newest = wasNewest ? null : newest;
            renumber(poll.offered.values());
        }
        if (wasNewest) {
            pause();
        } else {
            refresh();
        }
    }

    synchronized void offerAnew(Collection<Room> rooms) {
        renumber(rooms);
        refresh();
    }

    private synchronized void renumber(Collection<Room> rooms) {
        for (Room room : rooms) {
            if (open.remove(room.number()) != null) {
                room.number(++lastNumber);
                open.put(room.number(), room);
            }
        }
    }

    private void pause() {
        try {
            closing.get(timings.retry().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            refresh();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Came(KeeperApi.TaskLease lease, Room room) {}

    /** @param poll that brought it, null when it came with a task's end */
    void came(KeeperApi.TaskLeases answer, Map<Long, Room> offered, @Nullable Poll poll) {
        List<Came> genuine = new ArrayList<>();
        List<Room> stillEmpty = new ArrayList<>();
        for (KeeperApi.TaskLease lease : answer.leases()) {
            Room room = offered.get(lease.room());
            if (room == null) {
                LOG.log(System.Logger.Level.ERROR, "a task for a room that wasn''t offered is refused");
            } else if (room.lease().genuine().test(lease)) {
                genuine.add(new Came(lease, room));
            } else {
                stillEmpty.add(room);
            }
        }
        List<TaskInHand> homeless = new ArrayList<>();
        boolean pause;
        synchronized (this) {
            expected -= poll == null ? 0 : poll.most();
            pause = isHasty(poll);
            renumber(stillEmpty);
            genuine.forEach(each -> take(each.lease, each.room, answer.now()).ifPresent(homeless::add));
            if (!pause) {
                refresh();
            }
        }
        homeless.forEach(this::giveBack);
        if (pause) {
            pause();
        }
    }

    /** Ends the poll; true when polls come back at once with nothing, one after the other, as if two runners were one. */
    private boolean isHasty(@Nullable Poll poll) {
        if (poll == null || newest != poll) {
            return false;
        }
        newest = null;
        hasty = poll.early ? hasty + 1 : 0;
        return hasty > 1;
    }

    /** The task again when nobody has room for it. */
    private Optional<TaskInHand> take(KeeperApi.TaskLease lease, Room room, long now) {
        ServedLease served = room.lease();
        LeaseEnd end = LeaseEnd.of(lease.expiresAt(), now);
        TaskInHand task = new TaskInHand(
                lease, end, outbound, timings, served.commit(), room.grant(), served.permitted(), this::done);
        inHand++;
        if (newest != null) {
            newest.awaited.remove(lease.room());
        }
        Room taker = room.isFree() ? room : another(served);
        if (taker == null) {
            return Optional.of(task);
        }
        open.remove(taker.number());
        taker.task().complete(task);
        return Optional.empty();
    }

    private @Nullable Room another(ServedLease served) {
        return open.values().stream()
                .filter(room -> Objects.equals(room.lease().id(), served.id()))
                .findFirst()
                .orElse(null);
    }

    private void giveBack(TaskInHand task) {
        String why = closing.isDone() ? "the runner stopped" : Worker.NOT_TAKEN;
        Thread.ofVirtual().name("giving back").start(() -> {
            try (task) {
                task.giveBack(why);
            }
        });
    }

    private synchronized void done() {
        inHand--;
        refresh();
    }

    /** Sends no more polls. */
    @Override
    public void close() {
        closing.complete(null);
    }
}
