package dev.nightsafe.console.queues;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** The tasks of a queue that is to be deleted, which the keeper has. */
final class QueuesTasks {
    private static final TypeReference<ConsoleApi.Items<ConsoleApi.Task>> TASKS = new TypeReference<>() {};

    private final Keeper keeper;

    QueuesTasks(Keeper keeper) {
        this.keeper = keeper;
    }

    /** Throws {@link ProblemCode#QUEUE_IN_USE} when there are tasks that haven't ended. */
    void requireNone(Scope scope, String queueId, String name) {
        for (String state : List.of("pending", "running")) {
            String path = "/internal/v1/tasks?limit=1&workspaceId=" + scope.workspaceId() + "&queueId=" + queueId
                    + "&state=" + state;
            if (!keeper.get(path, TASKS).items().isEmpty()) {
                throw new NightsafeException(
                        ProblemCode.QUEUE_IN_USE,
                        "queue '" + name + "' has tasks that are " + state
                                + ", which nobody would run any more; force it, which cancels them");
            }
        }
    }

    void cancel(Scope scope, String queueId) {
        keeper.post(
                "/internal/v1/queues/" + queueId + "/cancel",
                new InternalApi.Asked(scope.workspaceId(), scope.actor()),
                new TypeReference<InternalApi.Count>() {});
    }
}
