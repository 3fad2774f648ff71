package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.keeper.tasks.TaskTaking.Taken;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a poll that waits has room for: a transaction that makes a task may lease one to it, so that neither a second commit
 * nor another look is needed. Only while the poll waits; what is under way when its waiting ends is waited for. Thread-safe.
 */
final class Offer {
    private final Waiters.Ticket ticket;
    private final Function<Transaction, List<Taken>> taking;
    private boolean open;
    private @Nullable String claimedFor;
    private List<Taken> taken = List.of();

    /** @param taking takes one task at most */
    Offer(Waiters.Ticket ticket, Function<Transaction, List<Taken>> taking) {
        this.ticket = ticket;
        this.taking = taking;
    }

    /** Before its poll waits. */
    synchronized void open() {
        open = true;
    }

    /** After its poll waited: what was taken for it, in a commit that is durable. */
    synchronized List<Taken> close() {
        open = false;
        boolean interrupted = false;
        while (claimedFor != null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        List<Taken> mine = taken;
        taken = List.of();
        return mine;
    }

    /** For a transaction that makes tasks for which its poll waits by this key; false when it doesn't wait. */
    synchronized boolean claim(String key) {
        if (!open) {
            return false;
        }
        open = false;
        claimedFor = key;
        return true;
    }

    /** In that transaction. */
    List<Taken> take(Transaction transaction) {
        return taking.apply(transaction);
    }

    /** That transaction is over. Its poll goes on, with what was taken for it or without. */
    void settle(List<Taken> forIt) {
        String key;
        synchronized (this) {
            key = claimedFor;
            taken = List.copyOf(forIt);
            claimedFor = null;
            notifyAll();
        }
        if (key != null) {
            ticket.wake(key);
        }
    }
}
