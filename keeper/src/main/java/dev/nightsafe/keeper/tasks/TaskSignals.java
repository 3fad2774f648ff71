package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Wakes those who wait for a queue's next task or for what becomes of a task. Thread-safe. */
public final class TaskSignals {
    private static final String QUEUE = "queue:";
    private static final String TASK = "task:";

    private final Waiters waiters;
    private final Map<Waiters.Ticket, Offer> offers = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    public TaskSignals(Waiters waiters) {
        this.waiters = waiters;
    }

    /**
     * Another number than before once tasks may have become ready to be taken, by whatever means but time and other
     * keepers; before anybody is woken or told. Who reads it before a look in the database knows what the look is worth.
     */
    long changes() {
        return changes.get();
    }

    /** A task of this queue can be taken: wakes one runner. */
    void waiting(String queueId) {
        changes.incrementAndGet();
        waiters.wakeOne(QUEUE + queueId);
    }

    /** Tasks changed their state, by whatever means. */
    public void moved(Collection<Tasks.Row> tasks) {
        tasks.forEach(this::moved);
    }

    void moved(Tasks.Row task) {
        moved(task, task.finishedAt() != null);
    }

    /** @param finished what the task is by now, whatever its row says */
    void moved(Tasks.Row task, boolean finished) {
        changed(task.id());
        if (!finished) {
            waiting(task.queueId());
        }
    }

    /** Something about a task is another than before, and no runner need know. */
    void changed(String taskId) {
        waiters.wakeAll(TASK + taskId);
    }

    /** Ends the polls of a queue, so that they look at their lease again. */
    public void leasesEnded(String queueId) {
        changes.incrementAndGet();
        waiters.wakeAll(QUEUE + queueId);
    }

    /** Queues whose next task somebody waits for. */
    List<String> awaitedQueues() {
        return waiters.keys().stream()
                .filter(key -> key.startsWith(QUEUE))
                .map(key -> key.substring(QUEUE.length()))
                .toList();
    }

    /** For the next task of any of these queues. */
    Waiters.Ticket awaitTask(Set<String> queueIds) {
        return waiters.enter(queueIds.stream().map(QUEUE::concat).collect(Collectors.toUnmodifiableSet()));
    }

    /** What a poll that waits with this ticket has room for. */
    Offer offer(Waiters.Ticket ticket, Function<Transaction, List<TaskTaking.Taken>> taking) {
        Offer offer = new Offer(ticket, taking);
        offers.put(ticket, offer);
        return offer;
    }

    /** Its poll goes. */
    void withdraw(Waiters.Ticket ticket) {
        offers.remove(ticket);
    }

    /** The offer of the poll that has waited longest for a task of this queue, to be settled; empty when none waits. */
    Optional<Offer> claim(String queueId) {
        String key = QUEUE + queueId;
        Optional<Waiters.Ticket> ticket = waiters.takeOne(key);
        Optional<Offer> claimed =
                ticket.flatMap(each -> Optional.ofNullable(offers.get(each))).filter(offer -> offer.claim(key));
        if (claimed.isEmpty()) {
            ticket.ifPresent(each -> each.wake(key)); // it is about to look, or goes
        }
        return claimed;
    }

    /** Of a poll that was woken by one queue and took a task of another: somebody else may want the one that woke it. */
    void passOn(Waiters.Ticket ticket, List<KeeperApi.TaskLease> taken) {
        String by = ticket.wokenBy();
        if (by != null && taken.stream().noneMatch(lease -> by.equals(QUEUE + lease.queueId()))) {
            waiters.wakeOne(by);
        }
    }

    Waiters.Ticket awaitChange(String taskId) {
        return waiters.enter(TASK + taskId);
    }
}
