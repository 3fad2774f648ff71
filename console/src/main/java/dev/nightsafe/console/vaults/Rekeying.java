package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.RekeyRepository;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Does the rekeys that were asked for, one vault after the other, while the console runs. How far each is stands in the
 * database: after a restart of console or keeper it goes on there. Two consoles on one database disturb each other in
 * nothing but speed. Thread-safe.
 */
public final class Rekeying implements SmartLifecycle {
    private static final System.Logger LOG = System.getLogger(Rekeying.class.getName());
    private static final int AGAIN_SECS = 5;
    private static final int PATIENCE_SECS = 30;

    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final Mac accepted;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final RowMac rows;
    private final RekeyRows underWay;
    private final Seldom seldom = new Seldom(System::nanoTime);
    private volatile @Nullable ScheduledExecutorService executor;

    public Rekeying(Database database, Committer committer, Keeper keeper, Mac accepted, RowMac rows) {
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.accepted = accepted;
        this.rows = rows;
        this.underWay = new RekeyRows(database, committer, rows);
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("rekeying").factory());
        executor = started;
        var _ = started.scheduleWithFixedDelay(this::tryAll, 0, AGAIN_SECS, TimeUnit.SECONDS);
    }

    /** Looks at once for something to do, and tries what didn't open again. */
    void wake() {
        ScheduledExecutorService running = executor;
        if (running != null && woken.compareAndSet(false, true)) {
            running.execute(this::tryAll);
        }
    }

    private void tryAll() {
        if (woken.getAndSet(false)) {
            seldom.clear();
        }
        try {
            for (RekeyRepository.OfVault one : underWay.find()) {
                seldom.attempt(one.vaultId(), new Rekey(database, committer, keeper, accepted, rows, one)::run);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the console stops; the next one goes on
        } catch (RuntimeException e) {
            // An exception would end the ticking; the next one may go better.
            LOG.log(System.Logger.Level.WARNING, "looking for vaults to rekey failed: {0}", e.toString());
        }
    }

    @Override
    public void stop() {
        ScheduledExecutorService running = executor;
        executor = null;
        if (running != null) {
            running.shutdownNow();
            try {
                if (!running.awaitTermination(PATIENCE_SECS, TimeUnit.SECONDS)) {
                    LOG.log(System.Logger.Level.WARNING, "a vault is still being rekeyed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return executor != null;
    }
}
