package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.RuleSetRepository.Version;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.database.keeper.RuleSetsSeen;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Remembers the version of each vault's release rules, also of those that no grant is asked for: so consent that was taken
 * back stays so, although somebody sets the console's tables back. Thread-safe.
 */
public final class RuleWatch {
    private static final System.Logger LOG = System.getLogger(RuleWatch.class.getName());

    /** How far the clocks of two consoles may be apart: versions are times. */
    private static final long SKEW = Duration.ofMinutes(10).toMillis();

    private final Database console;
    private final Committer committer;
    private final Mac mac;
    private final Map<String, Long> remembered = new HashMap<>();
    private long highest;

    /** @param mac under the key that only console and keeper have */
    public RuleWatch(Database console, Committer committer, Mac mac) {
        this.console = console;
        this.committer = committer;
        this.mac = mac;
    }

    /** Looks for what is new; to be called about once a second. Does nothing while a database can't be used. */
    public synchronized void refresh() {
        try {
            List<Version> fresh = console.read(this::fresh);
            if (!fresh.isEmpty()) {
                remember(fresh);
            }
        } catch (NightsafeException e) {
            // Who looks for changed queues has the same trouble, and says so.
            LOG.log(System.Logger.Level.DEBUG, "release rules can''t be looked at: {0}", e.getMessage());
        }
    }

    private void remember(List<Version> fresh) {
        committer.commit(transaction -> {
            fresh.forEach(found -> RuleSetsSeen.see(transaction.handle(), found.vaultId(), found.version()));
            return true;
        });
        for (Version found : fresh) {
            remembered.put(found.vaultId(), found.version());
            highest = Math.max(highest, found.version());
        }
    }

    private List<Version> fresh(Handle handle) {
        return ConsoleTables.newerRules(handle, Math.max(0, highest - SKEW)).stream()
                .filter(found -> found.version() > remembered.getOrDefault(found.vaultId(), 0L))
                .filter(found -> isAuthentic(handle, found))
                .toList();
    }

    private boolean isAuthentic(Handle handle, Version found) {
        return ConsoleTables.rules(handle, found.workspaceId(), found.vaultId()).isAuthentic(mac);
    }
}
