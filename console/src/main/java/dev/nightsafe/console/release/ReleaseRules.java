package dev.nightsafe.console.release;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Lookup;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.console.platform.ValueNews;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.release.ReleaseRule;
import dev.nightsafe.core.release.VaultUses;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.ReleaseRuleRepository;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Consent that one vault's values go to the deployment of one queue that was looked at. Thread-safe. */
public final class ReleaseRules {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Committer committer;
    private final Keeper keeper;
    private final RuleSets sets;
    private final ValueNews news;

    public ReleaseRules(Committer committer, Keeper keeper, RuleSets sets, ValueNews news) {
        this.committer = committer;
        this.keeper = keeper;
        this.sets = sets;
        this.news = news;
    }

    /** @param created false when this consent was there already */
    record Allowed(ConsoleApi.Released released, boolean created, String vaultId) {}

    Allowed allow(Scope scope, String vaultName, ConsoleApi.NewReleaseRule asked) {
        keeper.requireVaults();
        String digest = digest(asked.deployment());
        String site = site(asked.site());
        String commit = commit(asked.commit());
        Allowed allowed = committer.commit(transaction -> {
            VaultRow vault = vault(transaction.handle(), scope, vaultName);
            QueueRow queue = Lookup.queue(transaction.handle(), scope, asked.queue());
            Deployment deployment = Deployments.of(queue);
            requireNamed(deployment, vault, queue);
            requireLookedAt(deployment, digest, vault, queue);
            sets.requireFloor(transaction.handle(), vault, queue.name(), deployment);
            return allow(transaction, scope, vault, queue, deployment, site, commit);
        });
        news.of(allowed.vaultId());
        return allowed;
    }

    void disallow(Scope scope, String vaultName, String ruleId) {
        keeper.requireVaults();
        ReleaseRuleRow removed = committer.commit(transaction -> {
            VaultRow vault = vault(transaction.handle(), scope, vaultName);
            ReleaseRuleRow rule = ReleaseRuleRepository.find(transaction.handle(), vault.id(), ruleId)
                    .orElseThrow(() -> Failures.notFound("release rule", ruleId));
            if (sets.hold(transaction, scope, vault.id()).contains(rule)) {
                Consent.remove(transaction, scope, rule);
                sets.authenticate(transaction, scope, vault.id());
            }
            return rule;
        });
        news.of(removed.vaultId());
    }

    /** Before anybody consented to anything. */
    public void begin(Transaction transaction, Scope scope, String vaultId) {
        sets.begin(transaction, scope, vaultId);
    }

    /** As the API shows it; the highest where somebody altered it. */
    public String floor(Handle handle, VaultRow vault) {
        return Disclosure.word(sets.shownFloor(handle, vault.workspaceId(), vault.id()));
    }

    /** A vault's rules as the API shows them; where somebody altered them, none is current. */
    public List<ConsoleApi.ReleaseRule> ofVault(Handle handle, VaultRow vault, List<QueueRow> queues) {
        List<ReleaseRuleRow> authentic =
                sets.authentic(handle, vault.workspaceId()).apply(vault.id());
        return ReleaseRuleRepository.ofVault(handle, vault.id()).stream()
                .flatMap(rule -> queues.stream()
                        .filter(queue -> queue.id().equals(rule.queueId()))
                        .map(queue -> view(rule, vault, queue, authentic.contains(rule) && isCurrent(rule, queue))))
                .toList();
    }

    private Allowed allow(
            Transaction transaction,
            Scope scope,
            VaultRow vault,
            QueueRow queue,
            Deployment deployment,
            String site,
            @Nullable String commit) {
        List<ReleaseRuleRow> before = sets.hold(transaction, scope, vault.id()).stream()
                .filter(rule -> rule.queueId().equals(queue.id()))
                .toList();
        Optional<ReleaseRuleRow> already = before.stream()
                .filter(rule -> rule.site().equals(site)
                        && Objects.equals(rule.commitId(), commit)
                        && rule.disclosure().equals(deployment.disclosure().text())
                        && Deployments.isCurrent(rule, queue.id(), deployment))
                .findFirst();
        already.ifPresent(rule -> transaction.audit(Consent.confirmed(scope, rule)));
        ReleaseRuleRow rule = already.orElseGet(() -> Consent.make(
                transaction,
                scope,
                new Deployment.VaultRef(vault.name(), vault.id()),
                queue,
                deployment,
                site,
                commit));
        List<ReleaseRuleRow> replaced = before.stream()
                .filter(old -> !old.equals(rule) && isReplaced(old, queue, deployment, site, commit))
                .toList();
        replaced.forEach(old -> Consent.replace(transaction, scope, old, rule));
        // Where nothing changed, too: a higher version for the keeper, to which the tables may have been set back.
        sets.authenticate(transaction, scope, vault.id());
        return new Allowed(
                new ConsoleApi.Released(
                        view(rule, vault, queue, Deployments.isCurrent(rule, queue.id(), deployment)),
                        replaced.stream()
                                .map(old -> view(old, vault, queue, isCurrent(old, queue)))
                                .toList()),
                already.isEmpty(),
                vault.id());
    }

    /** What would go on permitting more than is asked for now, and what would do so again if the deployment came back. */
    private static boolean isReplaced(
            ReleaseRuleRow old, QueueRow queue, Deployment deployment, String site, @Nullable String commit) {
        return Deployments.isCurrent(old, queue.id(), deployment)
                ? old.rule().overlaps(site, commit)
                : old.rule().overlaps(site, null);
    }

    private static void requireNamed(Deployment deployment, VaultRow vault, QueueRow queue) {
        if (!Deployments.names(deployment, vault.id())) {
            throw Failures.badRequest(
                    "queue '" + queue.name() + "' doesn't name vault '" + vault.name()
                            + "' (or named one that was deleted since); add it under the queue's deployment and apply it first");
        }
    }

    /** By the deployment itself: who can write the database can put any digest beside it. */
    private static void requireLookedAt(Deployment deployment, String digest, VaultRow vault, QueueRow queue) {
        if (!deployment.digest().equals(digest)) {
            throw new NightsafeException(
                    ProblemCode.DEPLOYMENT_CHANGED,
                    "queue '" + queue.name()
                            + "' has another deployment than the one that was looked at, so nothing was"
                            + " released; look at it as it is now and consent again: nightsafe vault allow "
                            + vault.name() + " --queue " + queue.name());
        }
    }

    private static VaultRow vault(Handle handle, Scope scope, String name) {
        return VaultRepository.byName(handle, scope.workspaceId(), name)
                .orElseThrow(() -> Failures.vaultNotFound(name));
    }

    private static String digest(@Nullable String asked) {
        if (asked == null || !DIGEST.matcher(asked).matches()) {
            throw Failures.badRequest(
                    "'deployment' is the digest of the deployment that was looked at: 64 lower-case hex"
                            + " digits, SHA-256 of its canonical JSON");
        }
        return asked;
    }

    private static String site(@Nullable String asked) {
        return asked == null || asked.equals(ReleaseRule.ANY_SITE)
                ? ReleaseRule.ANY_SITE
                : Names.requireName("site", asked);
    }

    private static @Nullable String commit(@Nullable String asked) {
        if (asked != null && !COMMIT.matcher(asked).matches()) {
            throw Failures.badRequest("'commit' is a full commit id: 40 or 64 lower-case hex digits");
        }
        return asked;
    }

    private static boolean isCurrent(ReleaseRuleRow rule, QueueRow queue) {
        return Deployments.isCurrent(rule, queue.id(), Deployments.of(queue));
    }

    private static ConsoleApi.ReleaseRule view(ReleaseRuleRow rule, VaultRow vault, QueueRow queue, boolean current) {
        return new ConsoleApi.ReleaseRule(
                rule.id(),
                vault.name(),
                queue.name(),
                rule.site(),
                rule.gitUrl(),
                rule.branch(),
                rule.codePath(),
                rule.startupCmd(),
                VaultUses.list(rule.uses()),
                rule.disclosure(),
                rule.commitId(),
                current,
                Times.iso(rule.createdAt()),
                rule.createdBy());
    }
}
