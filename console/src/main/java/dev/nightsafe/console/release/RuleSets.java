package dev.nightsafe.console.release;

import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.ReleaseRuleRepository;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.database.console.RuleSetRepository;
import dev.nightsafe.database.console.StoredRules;
import dev.nightsafe.database.engine.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The release rules of each vault as one authenticated set. What stands in the database is verified before it counts for
 * anything, and authenticated anew, in a higher version, after each change: else the next honest change would vouch for a
 * forged rule. Thread-safe.
 */
public final class RuleSets {
    private final Mac mac;

    /** @param mac under the key that only console and keeper have */
    public RuleSets(Mac mac) {
        this.mac = mac;
    }

    /** The rules of each vault of a workspace, by its id, as one read sees them; none where somebody altered them. */
    public Function<String, List<ReleaseRuleRow>> authentic(Handle handle, String workspaceId) {
        Map<String, List<ReleaseRuleRow>> read = new HashMap<>();
        return vault -> read.computeIfAbsent(vault, id -> {
            StoredRules stored = RuleSetRepository.read(handle, workspaceId, id);
            return stored.isAuthentic(mac) ? stored.rows() : List.of();
        });
    }

    /**
     * A vault's rules, which nobody else changes before this commit. When somebody altered them they are all removed,
     * which is audited: consent that can't be told from a forged one has to be given again.
     */
    List<ReleaseRuleRow> hold(Transaction transaction, Scope scope, String vaultId) {
        StoredRules stored = RuleSetRepository.hold(transaction.handle(), scope.workspaceId(), vaultId);
        if (stored.isAuthentic(mac)) {
            return stored.rows();
        }
        ReleaseRuleRepository.deleteOfVault(transaction.handle(), vaultId);
        put(transaction, new StoredRules(scope.workspaceId(), vaultId, transaction.now(), new byte[0], List.of()));
        transaction.audit(scope.did(
                "release.clear",
                "vault:" + vaultId,
                Map.of(
                        "why",
                        "rules-altered",
                        "rules",
                        Integer.toString(stored.rows().size()))));
        return List.of();
    }

    /** Vouches for the rules of a vault that is held, as they are now. */
    void authenticate(Transaction transaction, Scope scope, String vaultId) {
        StoredRules now = RuleSetRepository.read(transaction.handle(), scope.workspaceId(), vaultId);
        long version = Math.max(transaction.now(), now.version() + 1);
        put(transaction, new StoredRules(scope.workspaceId(), vaultId, version, now.mac(), now.rows()));
    }

    private void put(Transaction transaction, StoredRules rules) {
        RuleSetRepository.put(
                transaction.handle(),
                rules.vaultId(),
                rules.version(),
                mac.of(rules.set().authenticated()));
    }
}
