package dev.nightsafe.console.release;

import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.release.ReleaseRule;
import dev.nightsafe.core.release.VaultFloor;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.ReleaseRuleRepository;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.engine.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes and removes release rules inside a commit, each with its audit event. Thread-safe. */
public final class Consent {
    private final RuleSets sets;

    public Consent(RuleSets sets) {
        this.sets = sets;
    }

    /**
     * What came of consent to a whole deployment.
     *
     * @param released names of the vaults for which a rule was made
     * @param pinned names of those for which none was made, because their rules name commits of an earlier deployment
     */
    public record Given(List<String> released, List<String> pinned) {
        public static final Given NOTHING = new Given(List.of(), List.of());
    }

    /**
     * Consents, in the name of a caller who may, to all that the deployment names, and removes the queue's rules that no
     * longer permit it. A vault that was released to certain sites only stays so. One that was released at certain commits
     * only isn't released, and keeps its rules, so that the next call doesn't take it for one that never had any; nor is one
     * whose floor the deployment breaks.
     */
    public Given toWhole(Transaction transaction, Scope scope, QueueRow queue, Deployment deployment) {
        List<ReleaseRuleRow> rules = hold(transaction, scope, queue, deployment.allVaults());
        List<ReleaseRuleRow> stale = new ArrayList<>(rules.stream()
                .filter(rule -> !Deployments.names(deployment, rule.vaultId())
                        || !Deployments.isCurrent(rule, queue.id(), deployment))
                .toList());
        List<String> released = new ArrayList<>();
        List<String> pinned = new ArrayList<>();
        Set<String> changed = new TreeSet<>();
        for (Deployment.VaultRef vault : deployment.allVaults()) {
            boolean current =
                    rules.stream().anyMatch(rule -> rule.vaultId().equals(vault.id()) && !stale.contains(rule));
            boolean isPinned = isPinned(stale, vault.id());
            if (!current && (isPinned || isBelowFloor(transaction, scope, queue, deployment, vault))) {
                if (isPinned) {
                    pinned.add(vault.name());
                }
                stale.removeIf(rule -> rule.vaultId().equals(vault.id()));
            } else if (!current) {
                sites(stale, vault.id())
                        .forEach(site -> make(transaction, scope, vault, queue, deployment, site, null));
                released.add(vault.name());
                changed.add(vault.id());
            }
        }
        stale.forEach(rule -> remove(transaction, scope, rule));
        stale.forEach(rule -> changed.add(rule.vaultId()));
        changed.forEach(vault -> sets.authenticate(transaction, scope, vault));
        return new Given(released, pinned);
    }

    /** Takes back all that a queue was allowed, before it is deleted. */
    public void fromWhole(Transaction transaction, Scope scope, QueueRow queue) {
        Set<String> changed = new TreeSet<>();
        for (ReleaseRuleRow rule : hold(transaction, scope, queue, List.of())) {
            remove(transaction, scope, rule);
            changed.add(rule.vaultId());
        }
        changed.forEach(vault -> sets.authenticate(transaction, scope, vault));
    }

    /** The queue's rules, and those for it in the vaults that are about to be released to it; in one order of vaults. */
    private List<ReleaseRuleRow> hold(
            Transaction transaction, Scope scope, QueueRow queue, List<Deployment.VaultRef> more) {
        Set<String> vaults = new TreeSet<>();
        more.forEach(vault -> vaults.add(vault.id()));
        ReleaseRuleRepository.ofQueue(transaction.handle(), queue.id()).forEach(rule -> vaults.add(rule.vaultId()));
        // A forged rule must not make this touch another workspace's vault (I6).
        vaults.removeIf(vault -> VaultRepository.byId(transaction.handle(), scope.workspaceId(), vault)
                .isEmpty());
        return vaults.stream()
                .flatMap(vault -> sets.hold(transaction, scope, vault).stream())
                .filter(rule -> rule.queueId().equals(queue.id()))
                .toList();
    }

    /** The caller holds the vault's rules and authenticates them after. */
    static ReleaseRuleRow make(
            Transaction transaction,
            Scope scope,
            Deployment.VaultRef vault,
            QueueRow queue,
            Deployment deployment,
            String site,
            @Nullable String commit) {
        ReleaseRuleRow row = ReleaseRuleRow.of(
                ReleaseRule.forDeployment(Ids.next(), vault.id(), queue.id(), site, deployment, commit),
                scope.workspaceId(),
                transaction.now(),
                scope.actor());
        ReleaseRuleRepository.insert(transaction.handle(), row);
        TreeMap<String, String> details = new TreeMap<>(Map.of(
                "vault", vault.name(),
                "queue", queue.name(),
                "queue-id", queue.id(),
                "site", site,
                "git-url", row.gitUrl(),
                "branch", row.branch(),
                "code-path", row.codePath(),
                "startup-cmd", row.startupCmd(),
                "uses", row.uses(),
                "disclosure", row.disclosure()));
        if (commit != null) {
            details.put("commit", commit);
        }
        transaction.audit(scope.did("release.allow", object(row), details));
        return row;
    }

    /** The caller holds the vault's rules and authenticates them after. */
    static void remove(Transaction transaction, Scope scope, ReleaseRuleRow rule) {
        ReleaseRuleRepository.delete(transaction.handle(), rule.id());
        transaction.audit(
                scope.did("release.disallow", object(rule), Map.of("queue-id", rule.queueId(), "site", rule.site())));
    }

    /** As {@link #remove}, because another rule says now what this one said. */
    static void replace(Transaction transaction, Scope scope, ReleaseRuleRow rule, ReleaseRuleRow by) {
        ReleaseRuleRepository.delete(transaction.handle(), rule.id());
        transaction.audit(scope.did(
                "release.disallow",
                object(rule),
                Map.of("queue-id", rule.queueId(), "site", rule.site(), "replaced-by", by.id())));
    }

    /** Says that somebody gave consent that was there already. */
    static AuditEvent confirmed(Scope scope, ReleaseRuleRow rule) {
        return scope.did("release.confirm", object(rule), Map.of("queue-id", rule.queueId(), "site", rule.site()));
    }

    private boolean isBelowFloor(
            Transaction transaction, Scope scope, QueueRow queue, Deployment deployment, Deployment.VaultRef vault) {
        Deployment.As floor = sets.shownFloor(transaction.handle(), scope.workspaceId(), vault.id());
        return VaultFloor.broken(deployment, vault, queue.name(), floor).isPresent();
    }

    private static boolean isPinned(List<ReleaseRuleRow> before, String vaultId) {
        return before.stream().anyMatch(rule -> rule.vaultId().equals(vaultId) && rule.commitId() != null);
    }

    private static Set<String> sites(List<ReleaseRuleRow> before, String vaultId) {
        Set<String> sites = new LinkedHashSet<>();
        before.stream().filter(rule -> rule.vaultId().equals(vaultId)).forEach(rule -> sites.add(rule.site()));
        return sites.isEmpty() ? Set.of(ReleaseRule.ANY_SITE) : sites;
    }

    private static String object(ReleaseRuleRow rule) {
        return "vault:" + rule.vaultId() + "/release-rule:" + rule.id();
    }
}
