package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.database.console.RekeyRepository;
import dev.nightsafe.database.console.RekeyRow;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Finds the rekeys that are under way. A row that no console wrote is none: that is logged and audited. What was under way
 * a moment ago and was altered, ended, removed or set back by somebody else is put back as it was. For one thread.
 */
final class RekeyRows {
    private static final System.Logger LOG = System.getLogger(RekeyRows.class.getName());

    private final Database database;
    private final Committer committer;
    private final RowMac mac;
    private final Map<RekeyRepository.OfVault, RekeyRow> known = new HashMap<>();
    private final Set<RekeyRepository.OfVault> told = new HashSet<>();
    private boolean looked;

    RekeyRows(Database database, Committer committer, RowMac mac) {
        this.database = database;
        this.committer = committer;
        this.mac = mac;
    }

    /** The oldest first. */
    List<RekeyRepository.OfVault> find() {
        known.entrySet().removeIf(entry -> !isUnderWay(entry.getKey(), entry.getValue()));
        List<RekeyRepository.OfVault> found = new ArrayList<>();
        // At the start also those that say that they are over: somebody may have written that while no console ran.
        for (RekeyRepository.OfVault of : database.read(looked ? RekeyRepository::unfinished : RekeyRepository::all)) {
            database.read(handle -> RekeyRepository.find(handle, of.vaultId())).ifPresent(row -> {
                if (!mac.isAuthentic(row)) {
                    tell(of);
                } else if (!row.isFinished()) {
                    known.put(of, row);
                    found.add(of);
                }
            });
        }
        looked = true;
        return found;
    }

    /** Puts it back when that is needed. False when it was finished, or its vault deleted. */
    private boolean isUnderWay(RekeyRepository.OfVault of, RekeyRow before) {
        boolean exists = database.read(handle -> exists(handle, of));
        if (exists && !database.read(handle -> isConsoles(handle, before))) {
            putBack(of, before);
        }
        return exists
                && database.read(handle -> RekeyRepository.find(handle, of.vaultId()))
                        .filter(RekeyRow::isFinished)
                        .isEmpty();
    }

    private static boolean exists(Handle handle, RekeyRepository.OfVault of) {
        return VaultRepository.byId(handle, of.workspaceId(), of.vaultId()).isPresent();
    }

    /** Whether a console made what is there now of it: finished it, for example, or began another later. */
    private boolean isConsoles(Handle handle, RekeyRow before) {
        return RekeyRepository.find(handle, before.vaultId())
                .filter(now ->
                        mac.isAuthentic(now) && (now.id().equals(before.id()) || now.startedAt() >= before.startedAt()))
                .isPresent();
    }

    private void putBack(RekeyRepository.OfVault of, RekeyRow before) {
        boolean done = committer.commit(transaction -> {
            Handle handle = transaction.handle();
            if (!exists(handle, of) || isConsoles(handle, before)) {
                return false;
            }
            RekeyRepository.remove(handle, of.vaultId());
            RekeyRepository.begin(handle, before, null);
            transaction.audit(altered(of, "its row was altered or removed in the database, and is put back"));
            return true;
        });
        if (done) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the rekey of vault {0} goes on: somebody altered or removed its row in the database",
                    of.vaultId());
        }
    }

    private void tell(RekeyRepository.OfVault of) {
        if (told.add(of)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a rekey of vault {0} is left alone: its row is not what a console wrote",
                    of.vaultId());
            committer.commit(transaction -> {
                transaction.audit(altered(of, Rekeys.ALTERED));
                return true;
            });
        }
    }

    private static AuditEvent altered(RekeyRepository.OfVault of, String problem) {
        return new AuditEvent(
                of.workspaceId(),
                "console",
                "vault.rekey",
                "vault:" + of.vaultId(),
                "altered",
                new TreeMap<>(Map.of("problem", problem)));
    }
}
