package dev.nightsafe.console.queues;

import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.console.release.Deployments;
import dev.nightsafe.console.release.RuleSets;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.release.ReleaseRule;
import dev.nightsafe.core.release.VaultFloor;
import dev.nightsafe.database.console.EntryRow;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.database.console.SecretRepository;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Whether a queue's vaults are there, released to it as it stands, permit the ways in which it takes their values, and hold
 * the keys that it asks for one by one; and which of their values expired or soon will.
 */
final class VaultChecks {
    /** What expires sooner is told. */
    private static final long SOON = Duration.ofDays(7).toMillis();

    private final Handle handle;
    private final Scope scope;
    private final QueueRow queue;
    private final Deployment deployment;
    private final RuleSets sets;
    private final long now;
    private final Function<String, List<ReleaseRuleRow>> rules;

    VaultChecks(Handle handle, Scope scope, QueueRow queue, RuleSets sets, long now) {
        this.handle = handle;
        this.scope = scope;
        this.queue = queue;
        this.deployment = Deployments.of(queue);
        this.sets = sets;
        this.now = now;
        this.rules = sets.authentic(handle, scope.workspaceId());
    }

    /** In the order in which the deployment names them; of what isn't there nothing more is asked. */
    List<ConsoleApi.CheckItem> items() {
        List<ConsoleApi.CheckItem> items = new ArrayList<>();
        for (Deployment.VaultRef vault : deployment.allVaults()) {
            boolean there = VaultRepository.byId(handle, scope.workspaceId(), vault.id())
                    .isPresent();
            items.add(item(
                    "vault-exists",
                    vault,
                    null,
                    there,
                    there ? null : "it was deleted after the queue was applied; create it and apply the queue again"));
            if (there) {
                items.add(released(vault));
                floor(vault).ifPresent(items::add);
                keys(vault).forEach(key -> items.add(deposited(vault, key)));
                SecretRepository.entries(handle, vault.id()).stream()
                        .filter(entry -> isTaken(vault, entry.key()))
                        .forEach(entry -> expiry(vault, entry).ifPresent(items::add));
            }
        }
        return items;
    }

    private ConsoleApi.CheckItem released(Deployment.VaultRef vault) {
        List<ReleaseRuleRow> current = rules.apply(vault.id()).stream()
                .filter(rule -> Deployments.isCurrent(rule, queue.id(), deployment))
                .toList();
        if (current.isEmpty()) {
            String ask = "someone with vault.release can run: nightsafe vault allow " + vault.name() + " --queue "
                    + queue.name();
            return item("vault-released", vault, null, false, ask);
        }
        return item("vault-released", vault, null, true, bounds(current));
    }

    /** Nothing where every way is permitted. */
    private Optional<ConsoleApi.CheckItem> floor(Deployment.VaultRef vault) {
        Deployment.As floor = sets.shownFloor(handle, scope.workspaceId(), vault.id());
        if (floor == VaultFloor.LOWEST) {
            return Optional.empty();
        }
        Optional<String> broken = VaultFloor.broken(deployment, vault, queue.name(), floor);
        return Optional.of(item("vault-floor", vault, null, broken.isEmpty(), broken.orElse(null)));
    }

    /** Where consent is for certain sites or commits only. */
    private static @Nullable String bounds(List<ReleaseRuleRow> rules) {
        List<String> bounds = new ArrayList<>();
        for (ReleaseRuleRow rule : rules) {
            String site = rule.site().equals(ReleaseRule.ANY_SITE) ? "" : "at site " + rule.site();
            String commit = rule.commitId() == null ? "" : "at commit " + rule.commitId();
            if (site.isEmpty() && commit.isEmpty()) {
                return null;
            }
            bounds.add(site + (site.isEmpty() || commit.isEmpty() ? "" : " ") + commit);
        }
        return "only " + String.join(", ", bounds);
    }

    private ConsoleApi.CheckItem deposited(Deployment.VaultRef vault, String key) {
        boolean there = SecretRepository.find(handle, vault.id(), key).isPresent();
        String ask = "nightsafe vault set " + vault.name() + " " + key;
        return item("secret-deposited", vault, key, there, there ? null : ask);
    }

    /** Nothing about what is good for longer. */
    private Optional<ConsoleApi.CheckItem> expiry(Deployment.VaultRef vault, EntryRow entry) {
        long left = entry.expiresAt() - now;
        if (entry.expiresAt() == 0 || left > SOON) {
            return Optional.empty();
        }
        String when = (left <= 0 ? "it expired at " : "it expires at ") + Times.iso(entry.expiresAt())
                + "; nightsafe vault set " + vault.name() + " " + entry.key();
        return Optional.of(item("secret-unexpired", vault, entry.key(), left > 0, when));
    }

    /** Whether the deployment takes this key, by itself or with its whole vault. */
    private boolean isTaken(Deployment.VaultRef vault, String key) {
        boolean whole = deployment.vaults().contains(vault) && Names.isVariable(key);
        return whole || keys(vault).contains(key);
    }

    private Set<String> keys(Deployment.VaultRef vault) {
        Set<String> keys = new LinkedHashSet<>();
        deployment.secrets().stream()
                .map(Deployment.SecretRef::from)
                .filter(from -> from.vault().equals(vault))
                .forEach(from -> keys.add(from.key()));
        Deployment.KeyRef token = deployment.gitToken();
        if (token != null && token.vault().equals(vault)) {
            keys.add(token.key());
        }
        return keys;
    }

    private static ConsoleApi.CheckItem item(
            String check, Deployment.VaultRef vault, @Nullable String key, boolean yes, @Nullable String detail) {
        return new ConsoleApi.CheckItem(check, vault.name(), key, null, null, yes ? "yes" : "no", detail);
    }
}
