package dev.nightsafe.console.vaults;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.database.console.SecretVersions;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Destroys each hour the values that their vaults kept long enough: no deposit may come that would. Thread-safe. */
public final class Pruning implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Pruning.class.getName());

    private final Database database;
    private final Committer committer;
    private final InstantSource clock;
    private final ScheduledExecutorService hourly = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("pruning").factory());

    public Pruning(Database database, Committer committer, InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.clock = clock;
        var _ = hourly.scheduleWithFixedDelay(this::tryPrune, 1, 60, TimeUnit.MINUTES);
    }

    private void tryPrune() {
        try {
            prune();
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "old values were not destroyed, another try is made: {0}",
                    e.toString());
        }
    }

    /** Destroys what is overdue now. */
    public void prune() {
        List<VaultRow> vaults = database.read(handle -> SecretVersions.withOverdue(handle, clock.millis()));
        for (VaultRow vault : vaults) {
            committer.commit(transaction -> {
                int pruned = SecretVersions.prune(transaction.handle(), vault, null, transaction.now());
                transaction.audit(new AuditEvent(
                        vault.workspaceId(),
                        "console",
                        "vault.prune",
                        "vault:" + vault.id(),
                        "ok",
                        new TreeMap<>(Map.of("name", vault.name(), "pruned", Integer.toString(pruned)))));
                return pruned;
            });
        }
    }

    @Override
    public void close() {
        hourly.shutdownNow();
    }
}
