package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Attempts;
import dev.nightsafe.database.keeper.TaskLeases;
import dev.nightsafe.database.keeper.Tasks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What time does to tasks: leases expire, waiting ends, old ones are deleted, a retry is due. */
public final class TaskSweeper {
    private static final System.Logger LOG = System.getLogger(TaskSweeper.class.getName());

    /** How long it is told which values an attempt had. */
    private static final Duration ATTEMPTS_TOLD = Duration.ofDays(90);

    private final Database database;
    private final Committer committer;
    private final TaskSignals signals;
    private final InstantSource clock;

    public TaskSweeper(Database database, Committer committer, TaskSignals signals, InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.signals = signals;
        this.clock = clock;
    }

    /** To be called about once a second. */
    public void sweep() {
        takeBack();
        endOverdue();
        if (database.read(handle -> TaskLeases.anyOld(handle, clock.millis()))) {
            committer.commit(transaction -> TaskLeases.deleteOld(transaction.handle(), transaction.now()));
        }
        forgetAttempts();
        wakeRunners();
    }

    private void forgetAttempts() {
        long before = clock.millis() - ATTEMPTS_TOLD.toMillis();
        if (database.read(handle -> Attempts.anyBefore(handle, before))) {
            committer.commit(transaction -> Attempts.deleteBefore(transaction.handle(), before));
        }
    }

    private void takeBack() {
        if (database.read(handle -> TaskLeases.anyExpired(handle, clock.millis()))) {
            moved(committer.commit(transaction -> TaskLeases.expire(transaction.handle(), transaction.now())));
        }
    }

    private void endOverdue() {
        if (database.read(handle -> TaskLeases.anyOverdue(handle, clock.millis()))) {
            moved(committer.commit(transaction -> TaskLeases.failOverdue(transaction.handle(), transaction.now())));
        }
    }

    private void moved(List<Tasks.Row> tasks) {
        for (Tasks.Row task : tasks) {
            LOG.log(System.Logger.Level.INFO, "task {0} {1}, now {2}", task.id(), task.reason(), task.state());
        }
        signals.moved(tasks);
    }

    private void wakeRunners() {
        List<String> waiting = signals.awaitedQueues();
        if (!waiting.isEmpty()) {
            List<String> withWork = database.read(handle -> waiting.stream()
                    .filter(queue -> Tasks.hasWork(handle, queue, clock.millis()))
                    .toList());
            withWork.forEach(signals::waiting);
        }
    }
}
