package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.tasks.TaskTaking.Taken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of a transaction that makes tasks: leases one of them to a poll that waits for it. Used by one thread after the other. */
final class Handover implements AutoCloseable {
    private final TaskSignals signals;
    private @Nullable Offer offer;
    private List<Taken> taken = List.of();
    private boolean durable;

    Handover(TaskSignals signals) {
        this.signals = signals;
    }

    /** What keeps the poll from it keeps nothing from who makes the task: that is undone alone. */
    void take(Transaction transaction, String queueId) {
        Offer claimed = signals.claim(queueId).orElse(null);
        if (claimed == null) {
            return;
        }
        offer = claimed;
        transaction.handle().execute("SAVEPOINT handover");
        try {
            taken = claimed.take(transaction);
        } catch (RuntimeException e) {
            transaction.handle().execute("ROLLBACK TO SAVEPOINT handover");
        }
        transaction.handle().execute("RELEASE SAVEPOINT handover");
    }

    /** It is committed. */
    void succeed() {
        durable = true;
    }

    boolean has(Tasks.Row task) {
        return taken.stream().anyMatch(each -> each.row().id().equals(task.id()));
    }

    /** The poll goes on in any case. */
    @Override
    public void close() {
        if (offer != null) {
            offer.settle(durable ? taken : List.of());
        }
    }
}
