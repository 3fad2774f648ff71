package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.console.platform.Ticking;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.RekeyRepository;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Does the rekeys that were asked for, one vault after the other, while the console runs. How far each is stands in the
 * database: after a restart of console or keeper it goes on there. Two consoles on one database disturb each other in
 * nothing but speed. Thread-safe.
 */
public final class Rekeying extends Ticking {
    private static final System.Logger LOG = System.getLogger(Rekeying.class.getName());

    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final Mac accepted;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final RowMac rows;
    private final RekeyRows underWay;
    private final Seldom seldom = new Seldom(System::nanoTime);

    public Rekeying(Database database, Committer committer, Keeper keeper, Mac accepted, RowMac rows) {
        super("rekeying", Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30));
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.accepted = accepted;
        this.rows = rows;
        this.underWay = new RekeyRows(database, committer, rows);
    }

    /** Looks at once for something to do, and tries what didn't open again. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            tickSoon();
        }
    }

    @Override
    protected void tick() throws InterruptedException {
        if (woken.getAndSet(false)) {
            seldom.clear();
        }
        for (RekeyRepository.OfVault one : underWay.find()) {
            seldom.attempt(one.vaultId(), new Rekey(database, committer, keeper, accepted, rows, one)::run);
        }
    }

    @Override
    protected void failed(RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "looking for vaults to rekey failed: {0}", e.toString());
    }
}
