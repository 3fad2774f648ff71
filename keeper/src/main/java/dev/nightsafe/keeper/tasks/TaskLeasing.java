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
import dev.nightsafe.keeper.keys.DataKeys;
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
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The runners' side of tasks. A task has at most one current lease; each lease has a higher fencing number than the one
 * before, and what comes under an older one is refused (I4). Everything is durable before it is answered. Thread-safe.
 */
public final class TaskLeasing {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int MOST_AT_ONCE = 100;
    private static final int LONGEST_PROGRESS = 4000;
    private static final long LONGEST_PAUSE_SECS = 60;
    private static final int LONGEST_REASON = 2000;

    /** So that a runner that takes a task only to give it back can't do so in a busy loop. */
    private static final long GIVEN_BACK_PAUSE_MILLIS = 1000;

    private final Database database;
    private final Committer committer;
    private final Root root;
    private final TaskContent content;
    private final TaskSignals signals;
    private final InstantSource clock;
    private final Duration lifetime;
    private final Turns turns = new Turns();

    /** @param lifetime of a lease that isn't renewed */
    public TaskLeasing(
            Database database,
            Committer committer,
            Root root,
            DataKeys keys,
            TaskSignals signals,
            InstantSource clock,
            Duration lifetime) {
        this.database = database;
        this.committer = committer;
        this.root = root;
        this.content = new TaskContent(keys);
        this.signals = signals;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** Takes tasks under a serving lease of this runner's; waits for the first one. */
    public KeeperApi.TaskLeases take(Runners.Row runner, String servingLease, KeeperApi.TaskLeaseRequest request) {
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
            List<Tasks.Row> rows =
                    QueueStates.paused(transaction.handle(), serving.queueId()).isPresent()
                            ? List.of()
                            : take(transaction, serving, request.max());
            rows.forEach(row -> recordGrant(transaction, row, request.grant()));
            return rows;
        });
        taken.forEach(row -> signals.changed(row.id()));
        return taken.stream().flatMap(row -> lease(runner, row).stream()).toList();
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
    private static void recordGrant(Transaction transaction, Tasks.Row task, @Nullable String grant) {
        if (grant != null) {
            Attempts.record(transaction.handle(), task, grant, transaction.now());
            SameVersions.tie(transaction.handle(), task, grant);
        }
    }

    /** A task whose payload can't be read any more fails here; it would only be given out again and again. */
    private Optional<KeeperApi.TaskLease> lease(Runners.Row runner, Tasks.Row row) {
        try {
            JsonNode payload = Encoded.required(
                    "payload", content.of(row.workspaceId(), row.id()).json(TaskContent.PAYLOAD, row.payload()));
            KeeperApi.SameValues values =
                    row.attempt() == 1 ? null : database.read(handle -> SameVersions.of(handle, row));
            KeeperApi.TaskLease unsigned = lease(row, payload, "", values);
            byte[] signature = SignedMessages.taskLease(unsigned, runner.id());
            return Optional.of(lease(row, payload, root.sign(signature), values));
        } catch (NightsafeException e) {
            Tasks.Row failed = committer.commit(transaction -> {
                end(transaction, row, "failed", transaction.now(), "its payload can't be read any more", null);
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

    /** Renews a task's lease. Throws {@code LEASE_LOST}. */
    public KeeperApi.Beat heartbeat(Runners.Row runner, String leaseId, KeeperApi.Heartbeat beat) {
        String progress = beat.progress() == null ? null : Encoded.text("progress", beat.progress(), LONGEST_PROGRESS);
        Tasks.Row known = database.read(
                handle -> currentTask(TaskLeases.find(handle, leaseId), runner, beat.fencing(), clock.millis()));
        byte @Nullable [] encrypted =
                content.of(known.workspaceId(), known.id()).text(TaskContent.PROGRESS, progress);
        KeeperApi.Beat answer = committer.commit(transaction -> {
            Tasks.Row task = currentTask(
                    TaskLeases.find(transaction.handle(), leaseId), runner, beat.fencing(), transaction.now());
            long expiresAt = expiry(task, transaction.now());
            TaskLeases.renew(transaction.handle(), task.id(), expiresAt, encrypted);
            recordGrant(transaction, task, beat.grant());
            return new KeeperApi.Beat(expiresAt, task.cancelRequested(), transaction.now());
        });
        if (encrypted != null) {
            signals.changed(known.id());
        }
        return answer;
    }

    /** A lease isn't renewed beyond the task's active timeout, so that the runner ends its work as for a lost one. */
    private long expiry(Tasks.Row task, long now) {
        long latest = task.activeUntil() == null ? Long.MAX_VALUE : task.activeUntil();
        return Math.min(now + lifetime.toMillis(), latest);
    }

    /** Ends an attempt, once. Throws {@code LEASE_LOST}. */
    public KeeperApi.Accepted result(Runners.Row runner, String leaseId, KeeperApi.TaskResult result) {
        String outcome = Encoded.required("outcome", result.outcome());
        if (outcome.equals("given-back")) {
            return giveBack(runner, leaseId, result);
        }
        if (!outcome.equals("succeeded") && !outcome.equals("failed")) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'outcome' must be succeeded, failed or given-back");
        }
        if (result.commit() != null) {
            Encoded.text("commit", result.commit(), 64);
        }
        Tasks.Row known = database.read(
                handle -> currentTask(TaskLeases.find(handle, leaseId), runner, result.fencing(), clock.millis()));
        KeeperApi.TaskResult held = OutputCheck.held(known.output(), result);
        EndContent ended = new EndContent(content.of(known.workspaceId(), known.id()), result, held);
        Tasks.Row row = committer.commit(transaction -> {
            Tasks.Row task = currentTask(
                    TaskLeases.find(transaction.handle(), leaseId), runner, result.fencing(), transaction.now());
            end(transaction, task, held.outcome().equals("succeeded"), ended);
            return Tasks.find(transaction.handle(), task.workspaceId(), task.id())
                    .orElseThrow();
        });
        signals.moved(row);
        return new KeeperApi.Accepted(row.state());
    }

    /** It waits again, with the reason; the attempt doesn't count. */
    private KeeperApi.Accepted giveBack(Runners.Row runner, String leaseId, KeeperApi.TaskResult result) {
        String why = "given back: " + Encoded.text("error", result.error(), LONGEST_REASON);
        Tasks.Row row = committer.commit(transaction -> {
            long now = transaction.now();
            Tasks.Row task = currentTask(TaskLeases.find(transaction.handle(), leaseId), runner, result.fencing(), now);
            TaskLeases.giveBack(transaction.handle(), task.id(), now + GIVEN_BACK_PAUSE_MILLIS, why, now);
            return Tasks.find(transaction.handle(), task.workspaceId(), task.id())
                    .orElseThrow();
        });
        signals.moved(row);
        return new KeeperApi.Accepted(row.state());
    }

    private static void end(Transaction transaction, Tasks.Row task, boolean succeeded, EndContent ended) {
        long now = transaction.now();
        if (task.cancelRequested()) {
            end(transaction, task, "cancelled", now, "cancelled", ended);
        } else if (succeeded) {
            end(transaction, task, "succeeded", now, null, ended);
        } else if (ended.retry && task.attempt() <= task.maxRetry()) {
            end(transaction, task, "pending", now + pauseMillis(task.attempt()), null, ended);
        } else {
            end(transaction, task, "failed", now, ended.why(), ended);
        }
    }

    private static void end(
            Transaction transaction,
            Tasks.Row task,
            String state,
            long at,
            @Nullable String reason,
            @Nullable EndContent ended) {
        boolean pending = state.equals("pending");
        TaskLeases.end(
                transaction.handle(),
                new TaskLeases.End(
                        task.id(),
                        state,
                        at,
                        pending ? null : at,
                        reason,
                        ended == null ? null : ended.commit,
                        ended == null ? null : ended.result,
                        ended == null ? null : ended.error,
                        ended == null ? null : ended.report,
                        ended == null ? null : ended.withheld));
    }

    /** 2, 4, 8 … up to 60 s, a quarter less or more, so that what failed together isn't tried again together. */
    private static long pauseMillis(long attempt) {
        long middle = 1000 * (attempt >= 6 ? LONGEST_PAUSE_SECS : 1L << attempt);
        return ThreadLocalRandom.current().nextLong(middle - middle / 4, middle + middle / 4 + 1);
    }

    private static ServingLeases.Held current(Handle handle, String lease, Runners.Row runner, long now) {
        return ServingLeases.held(handle, lease)
                .filter(row -> row.runnerId().equals(runner.id()) && row.expiresAt() > now)
                .orElseThrow(Serving::lost);
    }

    /** The task, when it is this runner's under this lease. Throws {@code LEASE_LOST}. */
    static Tasks.Row currentTask(Optional<Tasks.Row> task, Runners.Row runner, long fencing, long now) {
        return task.filter(row -> runner.id().equals(row.runnerId())
                        && row.fencing() == fencing
                        && row.leaseExpiresAt() != null
                        && row.leaseExpiresAt() > now)
                .orElseThrow(
                        () -> new NightsafeException(
                                ProblemCode.LEASE_LOST,
                                "this task lease is not current: it expired, ended, or the task went to another; stop its work"));
    }
}
