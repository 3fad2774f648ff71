package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.Attempts;
import dev.nightsafe.database.keeper.QueueStates;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.database.keeper.TaskLeases;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.leases.Serving;
import dev.nightsafe.keeper.platform.Answering;
import dev.nightsafe.keeper.platform.OpenPolls;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.KeeperApi.Room;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Gives tasks that wait to runners: of each sub-queue the oldest first, sub-queues of all their queues by weight. Thread-safe. */
final class TaskTaking {
    private static final System.Logger LOG = System.getLogger(TaskTaking.class.getName());
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int MOST_AT_ONCE = 100;

    private final Database database;
    private final Committer committer;
    private final Root root;
    private final TaskContent content;
    private final TaskSignals signals;
    private final InstantSource clock;
    private final Duration lifetime;
    private final Turns turns = new Turns(new SplittableRandom());
    private final FilledRooms filled = new FilledRooms();
    private final OpenPolls polls = new OpenPolls();
    private final FoundNothing nothing = new FoundNothing();

    /** @param lifetime of a lease that isn't renewed */
    TaskTaking(
            Database database,
            Committer committer,
            Root root,
            TaskContent content,
            TaskSignals signals,
            InstantSource clock,
            Duration lifetime) {
        this.database = database;
        this.committer = committer;
        this.root = root;
        this.content = content;
        this.signals = signals;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** Takes tasks for a runner's rooms; waits for the first one. Ends the runner's poll that is open. */
    KeeperApi.TaskLeases take(Answering.Caller caller, KeeperApi.TaskLeaseRequest request) {
        if (request.max() < 1 || request.max() > MOST_AT_ONCE) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'max' must be 1 to " + MOST_AT_ONCE);
        }
        List<Room> rooms = filled.left(caller.runnerId(), Rooms.checked(request.rooms()));
        try (OpenPolls.Poll poll = polls.begin(caller.runnerId())) {
            boolean knownEmpty =
                    request.waitMillis() <= 0 && nothing.holds(caller, rooms, signals.changes(), clock.millis());
            List<KeeperApi.TaskLease> leases =
                    knownEmpty ? List.of() : lookAndWait(poll, caller.runner().get(), rooms, request);
            return new KeeperApi.TaskLeases(leases, clock.millis());
        }
    }

    private List<KeeperApi.TaskLease> lookAndWait(
            OpenPolls.Poll poll, Runners.Row runner, List<Room> rooms, KeeperApi.TaskLeaseRequest request) {
        if (rooms.isEmpty()) {
            return List.of();
        }
        long deadline = Waiters.deadline(request.waitMillis(), LONGEST_WAIT);
        Look look = look(runner, rooms);
        if (look.isLost()) {
            throw Serving.lost();
        }
        List<KeeperApi.TaskLease> leases = look.any() ? takeNow(runner, rooms, request.max()) : List.of();
        if (leases.isEmpty() && request.waitMillis() > 0) {
            return await(poll, look, deadline, runner, rooms);
        }
        if (!look.any()) {
            nothing.remember(runner.id(), look);
        }
        return leases;
    }

    /** One task at most: others who wait get theirs, instead of one runner with much room everything. */
    private List<KeeperApi.TaskLease> await(
            OpenPolls.Poll poll, Look first, long deadline, Runners.Row runner, List<Room> rooms) {
        try (Waiters.Ticket ticket = signals.awaitTask(first.queues())) {
            poll.waitsBy(ticket);
            Offer offer = signals.offer(ticket, transaction -> take(transaction, runner, rooms, 1));
            try {
                return await(ticket, offer, first, deadline, runner, rooms);
            } finally {
                signals.withdraw(ticket);
            }
        }
    }

    private List<KeeperApi.TaskLease> await(
            Waiters.Ticket ticket, Offer offer, Look first, long deadline, Runners.Row runner, List<Room> rooms) {
        Look look = first;
        // Where nothing happened since the first look it needs no other, now that it can be woken.
        boolean again = first.any() || signals.changes() != first.changes();
        List<KeeperApi.TaskLease> leases;
        boolean goesOn;
        do {
            look = again ? look(runner, rooms) : look;
            leases = again && look.any() ? takeNow(runner, rooms, 1) : List.of();
            again = true;
            // A room filled elsewhere, a lease that isn't current any more: this poll must not hold wake-ups
            // that it can't use.
            goesOn = leases.isEmpty()
                    && filled.left(runner.id(), rooms).size() == rooms.size()
                    && look.queues().equals(first.queues());
            if (goesOn) {
                offer.open();
                boolean woken = ticket.await(Waiters.until(deadline));
                leases = leases(runner, offer.close());
                goesOn = woken && leases.isEmpty();
            }
        } while (goesOn);
        signals.passOn(ticket, leases);
        if (look.isLost()) {
            throw Serving.lost();
        }
        return leases;
    }

    /** Before a commit: most polls find nothing, and a commit for each of them would hold up the others. */
    private Look look(Runners.Row runner, List<Room> rooms) {
        long changes = signals.changes();
        long now = clock.millis();
        return new Look(
                database.read(handle -> ServingLeases.served(handle, runner.id(), Rooms.leases(rooms), now)),
                changes,
                now);
    }

    private List<KeeperApi.TaskLease> takeNow(Runners.Row runner, List<Room> rooms, int max) {
        return leases(runner, committer.commit(transaction -> take(transaction, runner, rooms, max)));
    }

    /**
     * A task and the room that it is for.
     *
     * @param values read in the same transaction: once that is done, nothing but its payload may keep a task from the runner
     */
    record Taken(Tasks.Row row, long room, KeeperApi.@Nullable SameValues values) {}

    List<KeeperApi.TaskLease> leases(Runners.Row runner, List<Taken> taken) {
        taken.forEach(each -> signals.changed(each.row.id()));
        return taken.stream()
                .flatMap(each -> lease(runner, each).map(lease -> lease.in(each.room)).stream())
                .toList();
    }

    /** Leases that aren't current are passed over. Only the committer's thread calls it. */
    List<Taken> take(Transaction transaction, Runners.Row runner, List<Room> rooms, int max) {
        List<Room> left = new ArrayList<>(filled.left(runner.id(), rooms));
        Map<String, ServingLeases.Served> leases = new HashMap<>();
        List<QueueStates.Waiting> waiting =
                left.isEmpty() ? new ArrayList<>() : waiting(transaction, runner, left, leases);
        List<Taken> taken = new ArrayList<>();
        while (!waiting.isEmpty() && taken.size() < max) {
            QueueStates.Waiting next = turns.next(runner.id(), waiting);
            ServingLeases.Served lease = Objects.requireNonNull(leases.get(next.queueId()));
            Optional<Tasks.Row> row = take(transaction, runner, lease, next.subQueue());
            if (row.isEmpty()) {
                waiting.remove(next);
                continue;
            }
            turns.took(runner.id(), next, waiting);
            Room room = fill(runner, left, lease);
            recordGrant(transaction, row.get(), room.grant());
            taken.add(new Taken(row.get(), room.number(), values(transaction, row.get())));
            if (left.stream().noneMatch(other -> other.servingLeaseId().equals(lease.id()))) {
                waiting.removeIf(lane -> lane.queueId().equals(next.queueId()));
            }
        }
        return taken;
    }

    /** The sub-queues in which tasks wait for these rooms; fills in the leases by their queues. */
    private static List<QueueStates.Waiting> waiting(
            Transaction transaction, Runners.Row runner, List<Room> rooms, Map<String, ServingLeases.Served> leases) {
        List<QueueStates.Waiting> waiting = new ArrayList<>();
        for (ServingLeases.Served lease :
                ServingLeases.served(transaction.handle(), runner.id(), Rooms.leases(rooms), transaction.now())) {
            if (lease.work()) {
                leases.put(lease.queueId(), lease);
                waiting.addAll(QueueStates.waiting(transaction.handle(), lease.queueId()));
            }
        }
        return waiting;
    }

    private Optional<Tasks.Row> take(
            Transaction transaction, Runners.Row runner, ServingLeases.Served serving, String subQueue) {
        TaskLeases.New lease = new TaskLeases.New(
                Ids.next(),
                serving.id(),
                runner.id(),
                serving.queueId(),
                serving.fencing(),
                transaction.now() + lifetime.toMillis());
        return TaskLeases.take(transaction.handle(), database.engine(), lease, subQueue, transaction.now());
    }

    /** The room of this lease that has waited longest; a rollback leaves it filled, and its runner numbers it anew. */
    private Room fill(Runners.Row runner, List<Room> left, ServingLeases.Served lease) {
        Room room = left.stream()
                .filter(each -> each.servingLeaseId().equals(lease.id()))
                .findFirst()
                .orElseThrow();
        left.remove(room);
        filled.fill(runner.id(), room.number());
        return room;
    }

    /** Which version set the attempt has is durable before the worker sees the task. */
    static void recordGrant(Transaction transaction, Tasks.Row task, @Nullable String grant) {
        if (grant != null) {
            Attempts.record(transaction.handle(), task, grant, transaction.now());
            SameVersions.tie(transaction.handle(), task, grant);
        }
    }

    private static KeeperApi.@Nullable SameValues values(Transaction transaction, Tasks.Row row) {
        return row.attempt() == 1 ? null : SameVersions.of(transaction.handle(), row);
    }

    /** A task whose payload can't be read any more fails here; it would only be given out again and again. */
    private Optional<KeeperApi.TaskLease> lease(Runners.Row runner, Taken taken) {
        Tasks.Row row = taken.row;
        JsonNode payload = payload(row);
        if (payload == null) {
            fail(row, "its payload can't be read any more");
            return Optional.empty();
        }
        KeeperApi.TaskLease unsigned = lease(row, payload, "", taken.values);
        byte[] signature = SignedMessages.taskLease(unsigned, runner.id());
        return Optional.of(lease(row, payload, root.sign(signature), taken.values));
    }

    private @Nullable JsonNode payload(Tasks.Row row) {
        try {
            return content.of(row.workspaceId(), row.id()).json(TaskContent.PAYLOAD, row.payload());
        } catch (NightsafeException e) {
            return null;
        }
    }

    /** Where that can't be stored now, the other tasks of the answer go out all the same; its lease will end. */
    private void fail(Tasks.Row row, String why) {
        try {
            Tasks.Row failed = committer.commit(transaction -> {
                TaskLeases.End end = TaskLeasing.ending(row, "failed", transaction.now(), why, null);
                TaskLeases.end(transaction.handle(), end, transaction.now());
                return Tasks.find(transaction.handle(), row.workspaceId(), row.id())
                        .orElseThrow();
            });
            signals.moved(failed);
        } catch (NightsafeException e) {
            LOG.log(System.Logger.Level.WARNING, "task {0} isn''t ended, although {1}: {2}", row.id(), why, e.code());
        }
    }

    private static KeeperApi.TaskLease lease(
            Tasks.Row row, JsonNode payload, String signature, KeeperApi.@Nullable SameValues values) {
        return new KeeperApi.TaskLease(
                Objects.requireNonNull(row.leaseId()),
                Objects.requireNonNull(row.servingLeaseId()),
                row.id(),
                row.queueId(),
                row.queueName() + "." + row.subQueue(),
                row.type(),
                payload,
                (int) row.attempt() - 1,
                (int) row.maxRetry(),
                row.fencing(),
                Objects.requireNonNull(row.leaseExpiresAt()),
                signature,
                values,
                0);
    }
}
