package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.platform.Waiters;
import java.util.Collection;
import java.util.List;

/** Wakes those who wait for a queue's next task or for what becomes of a task. Thread-safe. */
public final class TaskSignals {
    private static final String QUEUE = "queue:";
    private static final String TASK = "task:";

    private final Waiters waiters;

    public TaskSignals(Waiters waiters) {
        this.waiters = waiters;
    }

    /** A task of this queue can be taken: wakes one runner. */
    void waiting(String queueId) {
        waiters.wakeOne(QUEUE + queueId);
    }

    /** Tasks changed their state, by whatever means. */
    public void moved(Collection<Tasks.Row> tasks) {
        tasks.forEach(this::moved);
    }

    void moved(Tasks.Row task) {
        changed(task.id());
        if (task.finishedAt() == null) {
            waiting(task.queueId());
        }
    }

    /** Something about a task is another than before, and no runner need know. */
    void changed(String taskId) {
        waiters.wakeAll(TASK + taskId);
    }

    /** Ends the polls of a queue, so that they look at their lease again. */
    public void leasesEnded(String queueId) {
        waiters.wakeAll(QUEUE + queueId);
    }

    /** Queues whose next task somebody waits for. */
    List<String> awaitedQueues() {
        return waiters.keys().stream()
                .filter(key -> key.startsWith(QUEUE))
                .map(key -> key.substring(QUEUE.length()))
                .toList();
    }

    Waiters.Ticket awaitTask(String queueId) {
        return waiters.enter(QUEUE + queueId);
    }

    Waiters.Ticket awaitChange(String taskId) {
        return waiters.enter(TASK + taskId);
    }
}
