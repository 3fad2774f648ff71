package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.keys.DataKeys;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The console's side of tasks: submit, read, cancel, retry. Everything is scoped by workspace (I6). Thread-safe. */
public final class TaskQueues {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Set<String> STATES = Set.of("pending", "running", "succeeded", "failed", "cancelled");

    private final Database database;
    private final Committer committer;
    private final Submissions submissions;
    private final TaskSignals signals;
    private final TaskViews views;

    public TaskQueues(Database database, Committer committer, DataKeys keys, TaskSignals signals, InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.submissions = new Submissions(database, committer, keys, signals);
        this.signals = signals;
        this.views = new TaskViews(new TaskContent(keys), clock);
    }

    /** What a submission made, in its order. */
    public List<ConsoleApi.Task> submit(InternalApi.NewTasks wanted) {
        List<Tasks.Row> rows = submissions.submit(wanted);
        return database.read(handle -> views.whole(handle, wanted.workspaceId(), rows));
    }

    /** The newest first, without content. */
    public List<ConsoleApi.Task> list(String workspace, @Nullable String queueId, @Nullable String state, int limit) {
        if (state != null && !STATES.contains(state)) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "'state' must be pending, running, succeeded, failed or cancelled");
        }
        return database.read(
                handle -> views.list(handle, workspace, Tasks.list(handle, workspace, queueId, state, limit)));
    }

    /** One task; waits until it has ended, for at most this many seconds. */
    public ConsoleApi.Task get(String workspace, String id, long waitSecs) {
        long deadline = Waiters.deadline(Duration.ofSeconds(waitSecs).toMillis(), LONGEST_WAIT);
        try (Waiters.Ticket ticket = signals.awaitChange(id)) {
            ConsoleApi.Task task = whole(workspace, id);
            while (task.finishedAt() == null && ticket.await(Waiters.until(deadline))) {
                task = whole(workspace, id);
            }
            return task;
        }
    }

    private ConsoleApi.Task whole(String workspace, String id) {
        return database.read(handle -> Tasks.find(handle, workspace, id)
                .map(row -> views.whole(handle, workspace, List.of(row)).getFirst())
                .orElseThrow(TaskQueues::notFound));
    }

    /** One task as it goes on: answers when its mark isn't the one that was seen, when it has ended, or after so many seconds. */
    public InternalApi.TaskChange change(String workspace, String id, String seen, long waitSecs) {
        long deadline = Waiters.deadline(Duration.ofSeconds(waitSecs).toMillis(), LONGEST_WAIT);
        try (Waiters.Ticket ticket = signals.awaitChange(id)) {
            Tasks.Row row = find(workspace, id);
            while (row.finishedAt() == null && mark(row).equals(seen) && ticket.await(Waiters.until(deadline))) {
                row = find(workspace, id);
            }
            Tasks.Row last = row;
            return new InternalApi.TaskChange(mark(last), database.read(handle -> views.progress(handle, last)));
        }
    }

    private static String mark(Tasks.Row row) {
        Message message = Message.of("nightsafe/task-mark/1")
                .add(row.state())
                .add(row.fencing())
                .add(row.attempt())
                .add(row.reason() == null ? "" : row.reason())
                .add(row.progress() == null ? new byte[0] : row.progress());
        return Digests.sha256Hex(message.bytes()).substring(0, 32);
    }

    /** Cancels a task: one that waits at once, one that runs at its runner's next heartbeat. */
    public ConsoleApi.Task cancel(String id, InternalApi.Asked wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        Tasks.Row row = committer.commit(transaction -> {
            Tasks.Row before = require(transaction, workspace, id);
            if (before.finishedAt() == null && !before.cancelRequested()) {
                Tasks.cancel(transaction.handle(), id, transaction.now());
                audit(transaction, workspace, actor, "task.cancel", id, Map.of("queue", before.queueName()));
            }
            return require(transaction, workspace, id);
        });
        signals.moved(row);
        return view(row);
    }

    /** Cancels every task of a queue that hasn't ended. */
    public InternalApi.Count cancelAll(String queueId, InternalApi.Asked wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        List<Tasks.Row> cancelled = committer.commit(transaction -> {
            List<Tasks.Row> open = Tasks.open(transaction.handle(), workspace, queueId);
            for (Tasks.Row task : open) {
                Tasks.cancel(transaction.handle(), task.id(), transaction.now());
                audit(transaction, workspace, actor, "task.cancel", task.id(), Map.of("queue", task.queueName()));
            }
            return open.stream()
                    .map(task -> require(transaction, workspace, task.id()))
                    .toList();
        });
        signals.moved(cancelled);
        return new InternalApi.Count(cancelled.size());
    }

    /** Lets a task that failed or was cancelled begin anew, with all its attempts. Throws {@code WRONG_STATE}. */
    public ConsoleApi.Task retry(String id, InternalApi.Asked wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        Tasks.Row row = committer.commit(transaction -> {
            Tasks.Row before = require(transaction, workspace, id);
            if (!Tasks.retry(transaction.handle(), id, transaction.now())) {
                throw new NightsafeException(
                        ProblemCode.WRONG_STATE,
                        "the task is " + before.state() + "; only one that failed or was cancelled begins anew");
            }
            audit(transaction, workspace, actor, "task.retry", id, Map.of("queue", before.queueName()));
            return require(transaction, workspace, id);
        });
        signals.moved(row);
        return view(row);
    }

    private ConsoleApi.Task view(Tasks.Row row) {
        return database.read(handle -> views.whole(handle, row.workspaceId(), List.of(row)))
                .getFirst();
    }

    private Tasks.Row find(String workspace, String id) {
        return database.read(handle -> Tasks.find(handle, workspace, id)).orElseThrow(TaskQueues::notFound);
    }

    private static Tasks.Row require(Transaction transaction, String workspace, String id) {
        return Tasks.find(transaction.handle(), workspace, id).orElseThrow(TaskQueues::notFound);
    }

    private static void audit(
            Transaction transaction,
            String workspace,
            String actor,
            String action,
            String task,
            Map<String, String> details) {
        SortedMap<String, String> sorted = new TreeMap<>(details);
        transaction.audit(new AuditEvent(workspace, actor, action, "task:" + task, "ok", sorted));
    }

    static NightsafeException notFound() {
        return new NightsafeException(ProblemCode.NOT_FOUND, "there is no such task");
    }
}
