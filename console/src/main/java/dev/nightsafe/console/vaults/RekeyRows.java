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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * Finds the rekeys that are under way. A row that no console wrote is none: that is logged and audited. What was under way
 * a moment ago and was altered, ended, removed or set back by somebody else is put back as it was. For one thread, but for
 * {@link #remember}.
 */
final class RekeyRows {
    private static final System.Logger LOG = System.getLogger(RekeyRows.class.getName());

    private final Database database;
    private final Committer committer;
    private final RowMac mac;
    private final Map<RekeyRepository.OfVault, RekeyRow> known = new ConcurrentHashMap<>();

    /** What the rows said that were told. */
    private final Map<RekeyRepository.OfVault, String> told = new HashMap<>();

    private boolean looked;

    RekeyRows(Database database, Committer committer, RowMac mac) {
        this.database = database;
        this.committer = committer;
        this.mac = mac;
    }

    /** Takes note of one that was just asked for: {@link #find} comes to it only when it is done with others. */
    void remember(RekeyRepository.OfVault of, RekeyRow row) {
        if (mac.isAuthentic(row) && !row.isFinished()) {
            known.merge(of, row, (one, other) -> other.startedAt() >= one.startedAt() ? other : one);
        }
    }

    /** The oldest first. */
    List<RekeyRepository.OfVault> find() {
        known.entrySet().removeIf(entry -> !isUnderWay(entry.getKey(), entry.getValue()));
        List<RekeyRepository.OfVault> underWay = new ArrayList<>();
        // At the start also those that say that they are over: somebody may have written that while no console ran.
        List<RekeyRepository.Found> all = database.read(looked ? RekeyRepository::unfinished : RekeyRepository::all);
        told.keySet().retainAll(all.stream().map(RekeyRepository.Found::of).toList());
        for (RekeyRepository.Found found : all) {
            if (!mac.isAuthentic(found.row())) {
                tell(found);
            } else if (!found.row().isFinished()) {
                told.remove(found.of());
                remember(found.of(), found.row());
                underWay.add(found.of());
            }
        }
        looked = true;
        return underWay;
    }

    /** Puts it back when that is needed. False when it was finished, or its vault deleted. */
    private boolean isUnderWay(RekeyRepository.OfVault of, RekeyRow before) {
        return switch (database.read(handle -> state(handle, of, before))) {
            case UNDER_WAY -> true;
            case OVER -> false;
            case ALTERED -> {
                putBack(of, before);
                yield true;
            }
        };
    }

    private enum State {
        UNDER_WAY,
        OVER,
        ALTERED
    }

    private State state(Handle handle, RekeyRepository.OfVault of, RekeyRow before) {
        if (!exists(handle, of)) {
            return State.OVER;
        }
        return RekeyRepository.find(handle, of.vaultId())
                .filter(now -> isConsoles(now, before))
                .map(now -> now.isFinished() ? State.OVER : State.UNDER_WAY)
                .orElse(State.ALTERED);
    }

    private static boolean exists(Handle handle, RekeyRepository.OfVault of) {
        return VaultRepository.byId(handle, of.workspaceId(), of.vaultId()).isPresent();
    }

    /** Whether a console made what is there now of it: finished it, for example, or began another later. */
    private boolean isConsoles(RekeyRow now, RekeyRow before) {
        return mac.isAuthentic(now) && (now.id().equals(before.id()) || now.startedAt() >= before.startedAt());
    }

    private void putBack(RekeyRepository.OfVault of, RekeyRow before) {
        boolean done = committer.commit(transaction -> {
            Handle handle = transaction.handle();
            if (state(handle, of, before) != State.ALTERED) {
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

    /** Once for each alteration. */
    private void tell(RekeyRepository.Found found) {
        RekeyRow row = found.row();
        String said = String.join(
                "/",
                String.valueOf(row.id()),
                String.valueOf(row.lockId()),
                Long.toString(row.startedAt()),
                String.valueOf(row.startedBy()),
                String.valueOf(row.finishedAt()),
                row.mac() == null ? "" : HexFormat.of().formatHex(row.mac()));
        if (!said.equals(told.put(found.of(), said))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a rekey of vault {0} is left alone: its row is not what a console wrote",
                    row.vaultId());
            committer.commit(transaction -> {
                transaction.audit(altered(found.of(), Rekeys.ALTERED));
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
