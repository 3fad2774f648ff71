package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.platform.Waiters;
import java.util.Collection;
import java.util.List;

/** Wakes those who wait for a queue's next task or for a task's end. Thread-safe. */
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
        if (task.finishedAt() != null) {
            waiters.wakeAll(TASK + task.id());
        } else {
            waiting(task.queueId());
        }
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

    Waiters.Ticket awaitEnd(String taskId) {
        return waiters.enter(TASK + taskId);
    }
}
