package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.database.keeper.QueueRestarts;
import dev.nightsafe.database.keeper.QueueStates;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.keeper.leases.Serving;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What is done to a whole queue: pausing, resuming, looking at it. Thread-safe. */
public final class QueueControl {
    private final Database database;
    private final Database console;
    private final Committer committer;
    private final TaskSignals signals;
    private final Serving serving;
    private final InstantSource clock;

    public QueueControl(
            Database database,
            Database console,
            Committer committer,
            TaskSignals signals,
            Serving serving,
            InstantSource clock) {
        this.database = database;
        this.console = console;
        this.committer = committer;
        this.signals = signals;
        this.serving = serving;
        this.clock = clock;
    }

    /** From now on none of its tasks is leased; those that run go on. */
    public ConsoleApi.QueueActivity pause(String queueId, InternalApi.AskedOfQueue asked) {
        require(asked);
        committer.commit(transaction -> {
            if (QueueStates.pause(
                    transaction.handle(),
                    new QueueStates.Paused(queueId, asked.workspaceId(), transaction.now(), asked.actor()))) {
                audit(transaction, queueId, asked, "queue.pause");
            }
            return queueId;
        });
        return activity(queueId, asked.workspaceId(), asked.queue());
    }

    public ConsoleApi.QueueActivity resume(String queueId, InternalApi.AskedOfQueue asked) {
        require(asked);
        committer.commit(transaction -> {
            if (QueueStates.resume(transaction.handle(), asked.workspaceId(), queueId)) {
                audit(transaction, queueId, asked, "queue.resume");
            }
            return queueId;
        });
        signals.leasesEnded(queueId);
        return activity(queueId, asked.workspaceId(), asked.queue());
    }

    /** Has each worker started anew, one after the other, wherever the queue is served. */
    public ConsoleApi.QueueActivity restart(String queueId, InternalApi.AskedOfQueue asked) {
        require(asked);
        committer.commit(transaction -> {
            QueueRestarts.ask(transaction.handle(), asked.workspaceId(), queueId);
            audit(transaction, queueId, asked, "queue.restart");
            return queueId;
        });
        serving.changed(asked.workspaceId());
        return activity(queueId, asked.workspaceId(), asked.queue());
    }

    /** Forgets pauses of queues that were deleted. To be called now and then. */
    public void forgetDeleted() {
        List<QueueStates.Paused> paused = database.read(QueueStates::allPaused);
        if (paused.isEmpty()) {
            return;
        }
        // Read after the pauses: a queue that isn't there by now was there when it was paused.
        List<QueueStates.Paused> gone = console.read(handle -> paused.stream()
                .filter(row -> ConsoleTables.queue(handle, row.workspaceId(), row.queueId())
                        .isEmpty())
                .toList());
        if (!gone.isEmpty()) {
            committer.commit(transaction -> {
                gone.forEach(row -> QueueStates.resume(transaction.handle(), row.workspaceId(), row.queueId()));
                return gone.size();
            });
        }
    }

    private static void require(InternalApi.AskedOfQueue asked) {
        Encoded.text("workspaceId", asked.workspaceId(), 64);
        Encoded.text("actor", asked.actor(), 200);
        Names.requireName("queue", Encoded.required("queue", asked.queue()));
    }

    /** @param queue its name; the keeper needn't have heard of it */
    public ConsoleApi.QueueActivity activity(String queueId, String workspace, String queue) {
        Names.requireName("queue", Encoded.required("queue", queue));
        return database.read(handle -> {
            Optional<QueueStates.Paused> paused = QueueStates.paused(handle, queueId)
                    .filter(row -> row.workspaceId().equals(workspace));
            return new ConsoleApi.QueueActivity(
                    queue,
                    paused.map(row -> time(row.pausedAt())).orElse(null),
                    paused.map(QueueStates.Paused::pausedBy).orElse(null),
                    subQueues(QueueStates.counts(handle, workspace, queueId)),
                    servedBy(handle, workspace, queueId));
        });
    }

    private static List<ConsoleApi.SubQueueActivity> subQueues(List<QueueStates.Count> counts) {
        Map<String, Map<String, QueueStates.Count>> byName = new LinkedHashMap<>();
        counts.forEach(count ->
                byName.computeIfAbsent(count.subQueue(), _ -> new TreeMap<>()).put(count.state(), count));
        return byName.entrySet().stream()
                .map(entry -> subQueue(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static ConsoleApi.SubQueueActivity subQueue(String name, Map<String, QueueStates.Count> byState) {
        QueueStates.Count pending = byState.get("pending");
        return new ConsoleApi.SubQueueActivity(
                name,
                tasks(pending),
                tasks(byState.get("running")),
                tasks(byState.get("succeeded")),
                tasks(byState.get("failed")),
                tasks(byState.get("cancelled")),
                pending == null || pending.oldestSubmittedAt() == null ? null : time(pending.oldestSubmittedAt()));
    }

    private static long tasks(QueueStates.@Nullable Count count) {
        return count == null ? 0 : count.tasks();
    }

    private List<ConsoleApi.ServingRunner> servedBy(Handle handle, String workspace, String queueId) {
        long restart = QueueRestarts.asked(handle, workspace).getOrDefault(queueId, 0L);
        return ServingLeases.current(handle, workspace, clock.millis()).stream()
                .filter(lease -> lease.queueId().equals(queueId))
                .flatMap(lease -> Runners.find(handle, lease.runnerId()).stream()
                        .map(runner -> new ConsoleApi.ServingRunner(
                                runner.name(),
                                runner.site(),
                                lease.state(),
                                lease.detail(),
                                !lease.state().equals("refused") && lease.restarted() < restart)))
                .toList();
    }

    private static void audit(Transaction transaction, String queueId, InternalApi.AskedOfQueue asked, String action) {
        transaction.audit(new AuditEvent(
                asked.workspaceId(),
                asked.actor(),
                action,
                "queue:" + queueId,
                "ok",
                new TreeMap<>(Map.of("queue", asked.queue()))));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
