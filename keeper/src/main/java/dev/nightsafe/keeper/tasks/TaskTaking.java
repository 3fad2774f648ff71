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
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Gives tasks that wait to runners: oldest first, sub-queues by their weight. Thread-safe. */
final class TaskTaking {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int MOST_AT_ONCE = 100;

    private final Database database;
    private final Committer committer;
    private final Root root;
    private final TaskContent content;
    private final TaskSignals signals;
    private final InstantSource clock;
    private final Duration lifetime;
    private final Turns turns = new Turns();

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

    /** Takes tasks under a serving lease of this runner's; waits for the first one. */
    KeeperApi.TaskLeases take(Runners.Row runner, String servingLease, KeeperApi.TaskLeaseRequest request) {
        if (request.max() < 1 || request.max() > MOST_AT_ONCE) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'max' must be 1 to " + MOST_AT_ONCE);
        }
        long deadline = Waiters.deadline(request.waitMillis(), LONGEST_WAIT);
        Look first = look(runner, servingLease);
        List<KeeperApi.TaskLease> leases = first.any ? takeNow(runner, servingLease, request) : List.of();
        if (leases.isEmpty() && request.waitMillis() > 0) {
            leases = await(first.queueId, deadline, runner, servingLease, request);
        }
        return new KeeperApi.TaskLeases(leases, clock.millis());
    }

    private List<KeeperApi.TaskLease> await(
            String queueId,
            long deadline,
            Runners.Row runner,
            String servingLease,
            KeeperApi.TaskLeaseRequest request) {
        try (Waiters.Ticket ticket = signals.awaitTask(queueId)) {
            List<KeeperApi.TaskLease> leases;
            do {
                boolean any = look(runner, servingLease).any;
                leases = any ? takeNow(runner, servingLease, request) : List.of();
            } while (leases.isEmpty() && ticket.await(Waiters.until(deadline)));
            return leases;
        }
    }

    private record Look(String queueId, boolean any) {}

    /** Before a commit: most polls find nothing, and a commit for each of them would hold up the others. */
    private Look look(Runners.Row runner, String servingLease) {
        return database.read(handle -> {
            long now = clock.millis();
            String queueId = current(handle, servingLease, runner, now).queueId();
            boolean any = Tasks.hasWork(handle, queueId, now)
                    && QueueStates.paused(handle, queueId).isEmpty();
            return new Look(queueId, any);
        });
    }

    private List<KeeperApi.TaskLease> takeNow(
            Runners.Row runner, String servingLease, KeeperApi.TaskLeaseRequest request) {
        List<Tasks.Row> taken = committer.commit(transaction -> {
            ServingLeases.Held serving = current(transaction.handle(), servingLease, runner, transaction.now());
            return take(transaction, serving, request.max(), request.grant());
        });
        return leases(runner, taken);
    }

    List<KeeperApi.TaskLease> leases(Runners.Row runner, List<Tasks.Row> taken) {
        taken.forEach(row -> signals.changed(row.id()));
        return taken.stream().flatMap(row -> lease(runner, row).stream()).toList();
    }

    private List<Tasks.Row> take(Transaction transaction, ServingLeases.Held serving, int max, @Nullable String grant) {
        if (QueueStates.paused(transaction.handle(), serving.queueId()).isPresent()) {
            return List.of();
        }
        List<Tasks.Row> rows = take(transaction, serving, max);
        rows.forEach(row -> recordGrant(transaction, row, grant));
        return rows;
    }

    private List<Tasks.Row> take(Transaction transaction, ServingLeases.Held serving, int max) {
        List<QueueStates.Waiting> waiting =
                new ArrayList<>(QueueStates.waiting(transaction.handle(), serving.queueId()));
        List<Tasks.Row> rows = new ArrayList<>();
        while (!waiting.isEmpty() && rows.size() < max) {
            QueueStates.Waiting next = turns.order(waiting).getFirst();
            TaskLeases.New lease = new TaskLeases.New(
                    Ids.next(),
                    serving.id(),
                    serving.runnerId(),
                    serving.queueId(),
                    serving.fencing(),
                    transaction.now() + lifetime.toMillis());
            Optional<Tasks.Row> row =
                    TaskLeases.take(transaction.handle(), database.engine(), lease, next.subQueue(), transaction.now());
            if (row.isPresent()) {
                turns.took(next);
                rows.add(row.get());
            } else {
                waiting.remove(next);
            }
        }
        return rows;
    }

    /** Which version set the attempt has is durable before the worker sees the task. */
    static void recordGrant(Transaction transaction, Tasks.Row task, @Nullable String grant) {
        if (grant != null) {
            Attempts.record(transaction.handle(), task, grant, transaction.now());
            SameVersions.tie(transaction.handle(), task, grant);
        }
    }

    /** A task whose payload can't be read any more fails here; it would only be given out again and again. */
    private Optional<KeeperApi.TaskLease> lease(Runners.Row runner, Tasks.Row row) {
        // Not with the payload: what can't be read just now is no reason to end the task.
        KeeperApi.SameValues values = row.attempt() == 1 ? null : database.read(handle -> SameVersions.of(handle, row));
        try {
            JsonNode payload = Encoded.required(
                    "payload", content.of(row.workspaceId(), row.id()).json(TaskContent.PAYLOAD, row.payload()));
            KeeperApi.TaskLease unsigned = lease(row, payload, "", values);
            byte[] signature = SignedMessages.taskLease(unsigned, runner.id());
            return Optional.of(lease(row, payload, root.sign(signature), values));
        } catch (NightsafeException e) {
            Tasks.Row failed = committer.commit(transaction -> {
                TaskLeasing.end(
                        transaction, row, "failed", transaction.now(), "its payload can't be read any more", null);
                return Tasks.find(transaction.handle(), row.workspaceId(), row.id())
                        .orElseThrow();
            });
            signals.moved(failed);
            return Optional.empty();
        }
    }

    private static KeeperApi.TaskLease lease(
            Tasks.Row row, JsonNode payload, String signature, KeeperApi.@Nullable SameValues values) {
        return new KeeperApi.TaskLease(
                Encoded.required("leaseId", row.leaseId()),
                Encoded.required("servingLeaseId", row.servingLeaseId()),
                row.id(),
                row.queueId(),
                row.queueName() + "." + row.subQueue(),
                row.type(),
                payload,
                (int) row.attempt() - 1,
                (int) row.maxRetry(),
                row.fencing(),
                Encoded.required("expiresAt", row.leaseExpiresAt()),
                signature,
                values);
    }

    /** None, too, when the serving lease ended: the result counts all the same. */
    List<Tasks.Row> next(Transaction transaction, Runners.Row runner, Tasks.Row task, TaskLeasing.Next wanted) {
        return ServingLeases.held(transaction.handle(), Encoded.required("servingLeaseId", task.servingLeaseId()))
                .filter(lease -> isCurrent(lease, runner, transaction.now()))
                .map(lease -> take(transaction, lease, 1, wanted.grant()))
                .orElse(List.of());
    }

    private static ServingLeases.Held current(Handle handle, String lease, Runners.Row runner, long now) {
        return ServingLeases.held(handle, lease)
                .filter(row -> isCurrent(row, runner, now))
                .orElseThrow(Serving::lost);
    }

    private static boolean isCurrent(ServingLeases.Held lease, Runners.Row runner, long now) {
        return lease.runnerId().equals(runner.id()) && lease.expiresAt() > now;
    }
}
