package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.core.type.TypeReference;

/** Asks the keeper what becomes of tasks: once, however many watch the same task. Thread-safe. */
final class TaskChanges {
    private static final int WAIT_SECS = 20;
    private static final TypeReference<InternalApi.TaskChange> CHANGE = new TypeReference<>() {};

    private record Poll(String workspaceId, String task, String seen) {}

    private final Keeper keeper;
    private final ConcurrentMap<Poll, CompletableFuture<InternalApi.TaskChange>> underWay = new ConcurrentHashMap<>();

    TaskChanges(Keeper keeper) {
        this.keeper = keeper;
    }

    /** The task as it is. Throws {@code NOT_FOUND}. */
    InternalApi.TaskChange now(String workspaceId, String task) {
        return ask(new Poll(workspaceId, task, ""), 0);
    }

    /**
     * The task after its next change, or as it is after a while.
     *
     * @param seen the last change's mark
     */
    CompletableFuture<InternalApi.TaskChange> next(String workspaceId, String task, String seen) {
        return underWay.computeIfAbsent(new Poll(workspaceId, task, seen), poll -> {
            CompletableFuture<InternalApi.TaskChange> answer = new CompletableFuture<>();
            Thread.ofVirtual().name("task changes").start(() -> complete(poll, answer));
            return answer;
        });
    }

    private void complete(Poll poll, CompletableFuture<InternalApi.TaskChange> answer) {
        try {
            InternalApi.TaskChange change = ask(poll, WAIT_SECS);
            underWay.remove(poll, answer);
            answer.complete(change);
        } catch (RuntimeException e) {
            underWay.remove(poll, answer);
            answer.completeExceptionally(e);
        }
    }

    private InternalApi.TaskChange ask(Poll poll, int waitSecs) {
        String path = "/internal/v1/tasks/" + ApiClient.segment(poll.task()) + "/changes?workspaceId="
                + poll.workspaceId() + "&seen=" + ApiClient.segment(poll.seen()) + "&wait=" + waitSecs;
        return keeper.get(path, CHANGE, Duration.ofSeconds(waitSecs));
    }
}
