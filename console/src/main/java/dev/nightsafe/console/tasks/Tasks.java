package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Lookup;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Tasks live with the keeper; the console says which queue and which workspace, and never takes either from the body. */
public final class Tasks {
    static final int MAX_PAYLOAD_BYTES = 1 << 20;

    private static final int MAX_TYPE = 256;
    private static final int MAX_IDEMPOTENCY_KEY = 200;
    private static final int MOST_AT_ONCE = 1000;
    private static final Set<String> STATES = Set.of("pending", "running", "succeeded", "failed", "cancelled");
    private static final Pattern PLACE = Pattern.compile("[0-9]{1,18}\\.(-1|[0-9]{1,18})");
    private static final String PATH = "/internal/v1/tasks";
    private static final TypeReference<ConsoleApi.Task> TASK = new TypeReference<>() {};
    private static final TypeReference<ConsoleApi.TaskLogs> LOGS = new TypeReference<>() {};
    private static final TypeReference<ConsoleApi.Items<ConsoleApi.Task>> TASKS = new TypeReference<>() {};

    private final Database database;
    private final Keeper keeper;
    private final ParsedQueues parsed = new ParsedQueues();

    public Tasks(Database database, Keeper keeper) {
        this.database = database;
        this.keeper = keeper;
    }

    ConsoleApi.Task submit(Scope scope, String queueName, ConsoleApi.NewTask asked) {
        return submit(scope, queueName, List.of(asked)).getFirst();
    }

    /** All or none; in the order of the request. */
    List<ConsoleApi.Task> submit(Scope scope, String queueName, List<ConsoleApi.NewTask> asked) {
        Failures.requireWithin("tasks", asked.size(), 1, MOST_AT_ONCE);
        QueueRow queue = database.read(handle -> Lookup.queue(handle, scope, queueName));
        return submit(queue, scope.actor(), asked, false);
    }

    /** In the name of the queue's own schedule. Throws {@code QUEUE_PAUSED} while the queue is paused. */
    void submitBySchedule(QueueRow queue, ConsoleApi.NewTask task) {
        submit(queue, "schedule:" + queue.name(), List.of(task), true);
    }

    QueueDefinition definition(QueueRow queue) {
        return parsed.of(queue);
    }

    /** Throws what submitting this to the queue would be refused with, before there is such a queue. */
    public static void requireFits(QueueDefinition queue, ConsoleApi.NewTask task) {
        checked(queue, task);
    }

    private List<ConsoleApi.Task> submit(
            QueueRow queue, String actor, List<ConsoleApi.NewTask> asked, boolean unlessPaused) {
        QueueDefinition definition = parsed.of(queue);
        List<InternalApi.NewTask> tasks =
                asked.stream().map(task -> checked(definition, task)).toList();
        return keeper.post(
                        PATH,
                        new InternalApi.NewTasks(
                                queue.workspaceId(),
                                queue.id(),
                                queue.revision(),
                                queue.name(),
                                limits(definition.limits()),
                                definition.output().stream()
                                        .map(InternalApi.OutputField::of)
                                        .toList(),
                                actor,
                                unlessPaused,
                                tasks),
                        TASKS)
                .items();
    }

    private static InternalApi.NewTask checked(QueueDefinition definition, ConsoleApi.@Nullable NewTask asked) {
        if (asked == null || asked.payload() == null) {
            throw Failures.badRequest("each task needs a 'payload'; null is written as null");
        }
        QueueDefinition.SubQueue lane = SubQueues.choose(definition, asked.subQueue());
        return new InternalApi.NewTask(
                lane.name(),
                lane.priority(),
                asked.type() == null ? null : Failures.requireLine("type", asked.type(), MAX_TYPE),
                requirePayload(Input.complete(definition.name(), definition.input(), asked.payload())),
                asked.idempotencyKey() == null
                        ? null
                        : Failures.requireLine("idempotencyKey", asked.idempotencyKey(), MAX_IDEMPOTENCY_KEY));
    }

    private static InternalApi.TaskLimits limits(QueueDefinition.Limits limits) {
        return new InternalApi.TaskLimits(
                limits.maxRetry(),
                limits.ttlCompletedSecs(),
                limits.ttlArchivedSecs(),
                limits.pendingTimeoutSecs(),
                limits.activeTimeoutSecs());
    }

    List<ConsoleApi.Task> list(Scope scope, @Nullable String queueName, @Nullable String state, int limit) {
        StringBuilder path = new StringBuilder(PATH)
                .append("?workspaceId=")
                .append(scope.workspaceId())
                .append("&limit=")
                .append(limit);
        if (queueName != null) {
            path.append("&queueId=")
                    .append(database.read(handle -> Lookup.queue(handle, scope, queueName))
                            .id());
        }
        if (state != null) {
            if (!STATES.contains(state)) {
                throw Failures.badRequest("'state' is one of pending, running, succeeded, failed, cancelled");
            }
            path.append("&state=").append(state);
        }
        return keeper.get(path.toString(), TASKS).items();
    }

    /** @param waitSecs how long to wait for the task to finish */
    ConsoleApi.Task show(Scope scope, String id, int waitSecs) {
        String path = path(id) + "?workspaceId=" + scope.workspaceId() + "&wait=" + waitSecs;
        return found(id, () -> keeper.get(path, TASK, Duration.ofSeconds(waitSecs)));
    }

    /** @param after as the last answer's {@code next} was, null for all */
    ConsoleApi.TaskLogs logs(Scope scope, String id, @Nullable String after) {
        if (after != null && !PLACE.matcher(after).matches()) {
            throw Failures.badRequest("'after' is what an answer's 'next' was");
        }
        String path = path(id) + "/logs?workspaceId=" + scope.workspaceId() + (after == null ? "" : "&after=" + after);
        return found(id, () -> keeper.get(path, LOGS));
    }

    ConsoleApi.Task cancel(Scope scope, String id) {
        return act(scope, id, "/cancel");
    }

    ConsoleApi.Task retry(Scope scope, String id) {
        return act(scope, id, "/retry");
    }

    private ConsoleApi.Task act(Scope scope, String id, String action) {
        InternalApi.Asked asked = new InternalApi.Asked(scope.workspaceId(), scope.actor());
        return found(id, () -> keeper.post(path(id) + action, asked, TASK));
    }

    private static String path(String id) {
        return PATH + "/" + ApiClient.segment(Failures.requireId("task", id));
    }

    /** One wording for what isn't there and what is another workspace's (I6), whatever the keeper's is. */
    private static <T> T found(String id, Supplier<T> call) {
        try {
            return call.get();
        } catch (NightsafeException e) {
            throw e.code() == ProblemCode.NOT_FOUND ? Failures.notFound("task", id) : e;
        }
    }

    private static JsonNode requirePayload(JsonNode payload) {
        if (!Json.isWithin(payload, Json.MAX_FOREIGN_DEPTH)) {
            throw Failures.badRequest("a payload has at most " + Json.MAX_FOREIGN_DEPTH + " levels");
        }
        if (Json.write(payload).length > MAX_PAYLOAD_BYTES) {
            throw new NightsafeException(
                    ProblemCode.BODY_TOO_LARGE, "a payload has at most 1 MiB; send a reference instead");
        }
        return payload;
    }
}
