package dev.nightsafe.console.release;

import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.release.VaultFloor;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.ReleaseRuleRepository;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.database.console.RuleSetRepository;
import dev.nightsafe.database.console.StoredRules;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The release rules of each vault, with its floor, as one authenticated set. What stands in the database is verified before it counts for
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

    /** A vault's floor, as one read sees it; the highest where somebody altered what says so. */
    public Deployment.As shownFloor(Handle handle, String workspaceId, String vaultId) {
        return floor(handle, workspaceId, vaultId).orElse(VaultFloor.HIGHEST);
    }

    /** Refuses a deployment that takes a vault's values in a weaker way than the vault permits. */
    void requireFloor(Handle handle, VaultRow vault, String queue, Deployment deployment) {
        Optional<Deployment.As> floor = floor(handle, vault.workspaceId(), vault.id());
        Deployment.VaultRef ref = new Deployment.VaultRef(vault.name(), vault.id());
        VaultFloor.broken(deployment, ref, queue, floor.orElse(VaultFloor.HIGHEST))
                .ifPresent(why -> {
                    throw floor.isPresent() ? new NightsafeException(ProblemCode.BELOW_FLOOR, why) : altered(vault);
                });
    }

    private static NightsafeException altered(VaultRow vault) {
        return new NightsafeException(
                ProblemCode.RULES_ALTERED,
                "the release rules of vault '" + vault.name()
                        + "' are not what the console wrote: somebody changed them in"
                        + " its database, so nobody knows its floor, and it gives its values as fd only; say its floor"
                        + " again, which removes all its rules, then consent: nightsafe vault floor " + vault.name()
                        + " env|file|fd");
    }

    private Optional<Deployment.As> floor(Handle handle, String workspaceId, String vaultId) {
        StoredRules stored = RuleSetRepository.read(handle, workspaceId, vaultId);
        return isWhole(stored) ? Optional.of(stored.floor()) : Optional.empty();
    }

    /** Each vault is made with a set, so one without any was robbed of it. */
    private boolean isWhole(StoredRules stored) {
        return stored.version() > 0 && stored.isAuthentic(mac);
    }

    /**
     * A vault's rules, which nobody else changes before this commit. When somebody altered them they are all removed,
     * which is audited: consent that can't be told from a forged one has to be given again. The floor is the highest
     * then, until somebody says it again.
     */
    List<ReleaseRuleRow> hold(Transaction transaction, Scope scope, String vaultId) {
        StoredRules stored = RuleSetRepository.hold(transaction.handle(), scope.workspaceId(), vaultId);
        if (isWhole(stored)) {
            return stored.rows();
        }
        ReleaseRuleRepository.deleteOfVault(transaction.handle(), vaultId);
        setFloor(transaction, scope, vaultId, VaultFloor.HIGHEST);
        transaction.audit(scope.did(
                "release.clear",
                "vault:" + vaultId,
                Map.of(
                        "why",
                        "rules-altered",
                        "rules",
                        Integer.toString(stored.rows().size()),
                        "floor",
                        Disclosure.word(VaultFloor.HIGHEST))));
        return List.of();
    }

    /** The first set of a vault that is being made. */
    void begin(Transaction transaction, Scope scope, String vaultId) {
        RuleSetRepository.hold(transaction.handle(), scope.workspaceId(), vaultId);
        setFloor(transaction, scope, vaultId, VaultFloor.LOWEST);
    }

    /** Vouches for the rules of a vault that is held, as they are now. */
    void authenticate(Transaction transaction, Scope scope, String vaultId) {
        put(transaction, RuleSetRepository.read(transaction.handle(), scope.workspaceId(), vaultId));
    }

    /** Gives a vault that is held another floor, and vouches for its rules. */
    void setFloor(Transaction transaction, Scope scope, String vaultId, Deployment.As floor) {
        StoredRules now = RuleSetRepository.read(transaction.handle(), scope.workspaceId(), vaultId);
        put(transaction, now.in(now.version(), floor));
    }

    private void put(Transaction transaction, StoredRules now) {
        StoredRules next = now.in(Math.max(transaction.now(), now.version() + 1), now.floor());
        RuleSetRepository.put(
                transaction.handle(),
                next.vaultId(),
                next.version(),
                next.floor(),
                mac.of(next.set().authenticated()));
    }
}
