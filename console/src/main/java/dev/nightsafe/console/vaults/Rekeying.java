package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.console.platform.Ticking;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.RekeyRepository;
import dev.nightsafe.database.console.RekeyRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Does the rekeys that were asked for, one vault after the other and each for a slice of time, while the console runs. How
 * far each is stands in the database: after a restart of console or keeper it goes on there. Two consoles on one database disturb each other in
 * nothing but speed. Thread-safe.
 */
public final class Rekeying extends Ticking {
    private static final System.Logger LOG = System.getLogger(Rekeying.class.getName());

    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final Mac accepted;
    private final Set<String> woken = ConcurrentHashMap.newKeySet();
    private final RowMac rows;
    private final RekeyRows underWay;
    private final Seldom seldom = new Seldom(System::nanoTime);
    private final Map<RekeyRepository.OfVault, Rekey> begun = new HashMap<>();
    private final Duration slice;

    @Autowired
    public Rekeying(Database database, Committer committer, Keeper keeper, Mac accepted, RowMac rows) {
        this(database, committer, keeper, accepted, rows, Duration.ofSeconds(10));
    }

    /** @param slice after which a vault's rekey gives way to the next one's */
    public Rekeying(Database database, Committer committer, Keeper keeper, Mac accepted, RowMac rows, Duration slice) {
        super("rekeying", Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30));
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.accepted = accepted;
        this.rows = rows;
        this.underWay = new RekeyRows(database, committer, rows);
        this.slice = slice;
    }

    /**
     * Looks at once for something to do, and tries again what didn't open of this vault.
     *
     * @param row as it was committed: nobody removes it unseen from now on
     */
    void wake(RekeyRepository.OfVault of, RekeyRow row) {
        underWay.remember(of, row);
        if (woken.add(of.vaultId())) {
            tickSoon();
        }
    }

    @Override
    protected void tick() throws InterruptedException {
        woken.removeIf(vaultId -> {
            seldom.ask(vaultId);
            return true;
        });
        List<RekeyRepository.OfVault> found = underWay.find();
        begun.keySet().retainAll(found);
        seldom.keep(found.stream().map(RekeyRepository.OfVault::vaultId).toList());
        boolean more = false;
        for (RekeyRepository.OfVault of : found) {
            Rekey rekey =
                    begun.computeIfAbsent(of, _ -> new Rekey(database, committer, keeper, accepted, rows, of, slice));
            seldom.attempt(of.vaultId(), rekey::run);
            more |= rekey.gaveWay();
        }
        if (more) {
            tickSoon();
        }
    }

    @Override
    protected void failed(RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "looking for vaults to rekey failed: {0}", e.toString());
    }
}
