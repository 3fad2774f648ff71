package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.QueueStates;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.keys.DataKeys;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes tasks in: all of a request or none, once for each idempotency key, durable when it returns (I4). Thread-safe. */
final class Submissions {
    private static final int MOST_AT_ONCE = 1000;
    private static final int MAX_RETRY = 1000;
    private static final long LONGEST_SECS = TimeUnit.DAYS.toSeconds(36_500);

    private final Database database;
    private final Committer committer;
    private final TaskContent content;
    private final TaskSignals signals;

    Submissions(Database database, Committer committer, DataKeys keys, TaskSignals signals) {
        this.database = database;
        this.committer = committer;
        this.content = new TaskContent(keys);
        this.signals = signals;
    }

    /** A task that was checked and encrypted. */
    private record Prepared(
            String id,
            InternalApi.NewTask task,
            byte[] payload,
            @Nullable String idempotencyKey) {}

    /** Takes tasks in and gives them in the order of the request. */
    List<Tasks.Row> submit(InternalApi.NewTasks wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        Encoded.text("queueId", wanted.queueId(), 64);
        Encoded.text("actor", wanted.actor(), 200);
        Names.requireName("queue", Encoded.required("queue", wanted.queue()));
        if (wanted.queueRevision() < 1) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'queueRevision' must be 1 or more");
        }
        List<InternalApi.NewTask> tasks = Encoded.required("tasks", wanted.tasks());
        if (tasks.isEmpty() || tasks.size() > MOST_AT_ONCE) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "submit 1 to " + MOST_AT_ONCE + " tasks at once");
        }
        Tasks.Limits limits = limits(Encoded.required("limits", wanted.limits()));
        String output = OutputCheck.store(wanted.output());
        List<Prepared> prepared =
                tasks.stream().map(task -> prepare(workspace, task)).toList();
        Set<String> same = sameBefore(wanted, prepared);
        try (Handover handover = new Handover(signals)) {
            List<Tasks.Row> rows = committer.commit(transaction -> {
                List<Tasks.Row> stored = store(transaction, wanted, limits, output, prepared, same);
                handover.take(transaction, wanted.queueId());
                return stored;
            });
            handover.succeed();
            rows.stream().filter(row -> !handover.has(row)).forEach(signals::moved);
            return rows;
        }
    }

    private Prepared prepare(String workspace, InternalApi.@Nullable NewTask asked) {
        InternalApi.NewTask task = Encoded.required("task", asked);
        Names.requireName("sub-queue", Encoded.required("subQueue", task.subQueue()));
        if (task.weight() < 1) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'weight' must be 1 or more");
        }
        if (task.type() != null) {
            Encoded.text("type", task.type(), 256);
        }
        String key = task.idempotencyKey() == null ? null : Encoded.text("idempotencyKey", task.idempotencyKey(), 200);
        JsonNode payload = Encoded.required("payload", task.payload());
        String id = Ids.next();
        byte[] encrypted =
                Objects.requireNonNull(content.of(workspace, id).json(TaskContent.PAYLOAD, payload), "of a payload");
        return new Prepared(id, task, encrypted, key);
    }

    private List<Tasks.Row> store(
            Transaction transaction,
            InternalApi.NewTasks wanted,
            Tasks.Limits limits,
            @Nullable String output,
            List<Prepared> tasks,
            Set<String> same) {
        if (wanted.unlessPaused()
                && QueueStates.paused(transaction.handle(), wanted.queueId()).isPresent()) {
            throw new NightsafeException(ProblemCode.QUEUE_PAUSED, "queue '" + wanted.queue() + "' is paused");
        }
        List<Tasks.Row> rows = new ArrayList<>();
        List<Tasks.Row> made = new ArrayList<>();
        for (Prepared task : tasks) {
            Optional<Tasks.Row> before = before(transaction, wanted, task, same);
            if (before.isPresent()) {
                rows.add(before.get());
                continue;
            }
            Tasks.Row row = Tasks.insert(transaction.handle(), row(transaction, wanted, output, task), limits);
            rows.add(row);
            made.add(row);
        }
        if (!made.isEmpty()) {
            audit(transaction, wanted, made);
        }
        return rows;
    }

    /**
     * The ids of tasks that are there already under the keys of these and are the same, so that the committer's thread
     * needn't decrypt them; one that comes in between is left for it.
     */
    private Set<String> sameBefore(InternalApi.NewTasks wanted, List<Prepared> tasks) {
        Set<String> same = new HashSet<>();
        for (Prepared task : tasks) {
            String key = task.idempotencyKey();
            if (key != null) {
                Optional<Tasks.Row> before = database.read(handle -> Tasks.submittedAs(handle, wanted.queueId(), key));
                before.ifPresent(row -> {
                    requireSame(row, task);
                    same.add(row.id());
                });
            }
        }
        return same;
    }

    private Optional<Tasks.Row> before(
            Transaction transaction, InternalApi.NewTasks wanted, Prepared task, Set<String> same) {
        if (task.idempotencyKey() == null) {
            return Optional.empty();
        }
        Optional<Tasks.Row> before = Tasks.submittedAs(transaction.handle(), wanted.queueId(), task.idempotencyKey());
        before.filter(row -> !same.contains(row.id())).ifPresent(row -> requireSame(row, task));
        return before;
    }

    private void requireSame(Tasks.Row row, Prepared task) {
        JsonNode payload = content.of(row.workspaceId(), row.id()).json(TaskContent.PAYLOAD, row.payload());
        boolean same = Objects.equals(payload, task.task().payload())
                && Objects.equals(row.type(), task.task().type())
                && row.subQueue().equals(task.task().subQueue());
        if (!same) {
            throw new NightsafeException(
                    ProblemCode.IDEMPOTENCY_CONFLICT,
                    "idempotency key '" + task.idempotencyKey() + "' was used for another task, " + row.id()
                            + "; give each task a key of its own");
        }
    }

    private static Tasks.New row(
            Transaction transaction, InternalApi.NewTasks wanted, @Nullable String output, Prepared task) {
        return new Tasks.New(
                task.id(),
                wanted.workspaceId(),
                wanted.queueId(),
                wanted.queueRevision(),
                wanted.queue(),
                task.task().subQueue(),
                task.task().weight(),
                task.task().type(),
                transaction.now(),
                wanted.actor(),
                task.idempotencyKey(),
                output,
                task.payload());
    }

    /** One event a request: the first and the last task that it made, since ids rise. */
    private static void audit(Transaction transaction, InternalApi.NewTasks wanted, List<Tasks.Row> made) {
        TreeMap<String, String> details = new TreeMap<>(Map.of("queue", wanted.queue()));
        if (made.size() > 1) {
            details.put("tasks", String.valueOf(made.size()));
            details.put("last", made.getLast().id());
        }
        transaction.audit(new AuditEvent(
                wanted.workspaceId(),
                wanted.actor(),
                "task.submit",
                "task:" + made.getFirst().id(),
                "ok",
                details));
    }

    private static Tasks.Limits limits(InternalApi.TaskLimits limits) {
        if (limits.maxRetry() < 0 || limits.maxRetry() > MAX_RETRY) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'maxRetry' must be 0 to " + MAX_RETRY);
        }
        return new Tasks.Limits(
                limits.maxRetry(),
                millis("pendingTimeoutSecs", limits.pendingTimeoutSecs()),
                millis("activeTimeoutSecs", limits.activeTimeoutSecs()),
                millis("ttlCompletedSecs", limits.ttlCompletedSecs()),
                millis("ttlArchivedSecs", limits.ttlArchivedSecs()));
    }

    private static long millis(String field, long secs) {
        if (secs < 0 || secs > LONGEST_SECS) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'" + field + "' must be 0 to " + LONGEST_SECS);
        }
        return TimeUnit.SECONDS.toMillis(secs);
    }
}
