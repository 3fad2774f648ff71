package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.TaskLeases;
import dev.nightsafe.database.keeper.Tasks;
import java.time.InstantSource;
import java.util.List;

/** Takes back the tasks of leases that expired, and wakes runners for tasks whose time has come. */
public final class TaskSweeper {
    private static final System.Logger LOG = System.getLogger(TaskSweeper.class.getName());

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
        if (database.read(handle -> TaskLeases.anyExpired(handle, clock.millis()))) {
            List<Tasks.Row> expired =
                    committer.commit(transaction -> TaskLeases.expire(transaction.handle(), transaction.now()));
            for (Tasks.Row task : expired) {
                LOG.log(System.Logger.Level.INFO, "task {0}: lease expired, now {1}", task.id(), task.state());
            }
            signals.moved(expired);
        }
        List<String> waiting = signals.awaitedQueues();
        if (!waiting.isEmpty()) {
            List<String> withWork = database.read(handle -> waiting.stream()
                    .filter(queue -> Tasks.hasWork(handle, queue, clock.millis()))
                    .toList());
            withWork.forEach(signals::waiting);
        }
    }
}
