package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Creation;
import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.release.Deployments;
import dev.nightsafe.console.release.ReleaseRules;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.console.QueueRepository;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.SecretVersions;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;

/** Vaults. All of them answer only while the keeper says that vaults are enabled. Thread-safe. */
public final class Vaults {
    private static final System.Logger LOG = System.getLogger(Vaults.class.getName());
    private static final String PLATFORM = "platform";
    private static final VaultRepository.Counts NO_ENTRIES = new VaultRepository.Counts(0, 0);
    private static final int MAX_DESCRIPTION = 1000;

    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final ReleaseRules rules;
    private final RowMac mac;
    private final InstantSource clock;

    public Vaults(
            Database database,
            Committer committer,
            Keeper keeper,
            ReleaseRules rules,
            RowMac mac,
            InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.rules = rules;
        this.mac = mac;
        this.clock = clock;
    }

    List<ConsoleApi.VaultSummary> list(Scope scope) {
        keeper.requireVaults();
        return database.read(handle -> {
            long now = clock.millis();
            Map<String, VaultRepository.Counts> counts =
                    VaultRepository.counts(handle, scope.workspaceId(), now + Terms.SOON, now);
            return VaultRepository.list(handle, scope.workspaceId()).stream()
                    .map(vault -> VaultViews.summary(vault, counts.getOrDefault(vault.id(), NO_ENTRIES)))
                    .toList();
        });
    }

    ConsoleApi.Vault show(Scope scope, String name) {
        keeper.requireVaults();
        return database.read(handle -> {
            VaultRow vault = require(handle, scope, name);
            return VaultViews.whole(
                    handle, rules, mac, vault, QueueRepository.list(handle, scope.workspaceId()), clock.millis());
        });
    }

    /** The keeper makes the lock first: an opening key without a vault harms nobody, a vault without one would. */
    ConsoleApi.Vault create(Scope scope, ConsoleApi.NewVault asked) {
        keeper.requireVaults();
        String name = Names.requireName("vault", asked.name());
        String description = asked.description() == null || asked.description().isEmpty()
                ? ""
                : Failures.requireLine("description", asked.description(), MAX_DESCRIPTION);
        if (asked.kind() != null && !asked.kind().equals(PLATFORM)) {
            throw Failures.badRequest("'kind' is platform; other kinds of vaults aren't there yet");
        }
        ConsoleApi.Keeping keeping = Keepings.of(asked);
        database.read(handle -> requireFree(handle, scope, name));
        String id = Ids.next();
        InternalApi.Lock lock = keeper.post(
                "/internal/v1/locks",
                new InternalApi.NewLock(scope.workspaceId(), id, scope.actor(), null),
                new TypeReference<>() {});
        return Creation.commit(committer, "vault", name, transaction -> {
            requireFree(transaction.handle(), scope, name);
            VaultRow row = VaultLocks.row(id, scope.workspaceId(), name, description, keeping, lock, transaction.now());
            VaultRepository.insert(transaction.handle(), row);
            rules.begin(transaction, scope, id);
            transaction.audit(scope.did("vault.create", "vault:" + id, Map.of("name", name, "lock", row.lockId())));
            return VaultViews.whole(transaction.handle(), rules, mac, row, List.of(), transaction.now());
        });
    }

    /** What isn't to be kept any more is destroyed in the same commit. */
    ConsoleApi.Vault keep(Scope scope, String name, ConsoleApi.Keeping asked) {
        keeper.requireVaults();
        ConsoleApi.Keeping keeping = Keepings.require(asked);
        return committer.commit(transaction -> {
            Handle handle = transaction.handle();
            VaultRow before = require(handle, scope, name);
            VaultRepository.keep(handle, before.id(), keeping.versions(), keeping.days(), transaction.now());
            VaultRow vault = require(handle, scope, name);
            int pruned = SecretVersions.prune(handle, vault, null, transaction.now());
            transaction.audit(scope.did(
                    "vault.keep",
                    "vault:" + vault.id(),
                    Map.of(
                            "name", name,
                            "versions", Integer.toString(keeping.versions()),
                            "days", Integer.toString(keeping.days()),
                            "pruned", Integer.toString(pruned))));
            return VaultViews.whole(
                    handle, rules, mac, vault, QueueRepository.list(handle, scope.workspaceId()), transaction.now());
        });
    }

    void delete(Scope scope, String name, boolean force) {
        keeper.requireVaults();
        VaultRow deleted = committer.commit(transaction -> {
            Handle handle = transaction.handle();
            VaultRow vault = require(handle, scope, name);
            List<String> users = usedBy(vault, QueueRepository.list(handle, scope.workspaceId()));
            if (!force && !users.isEmpty()) {
                throw new NightsafeException(
                        ProblemCode.VAULT_IN_USE,
                        "vault '" + name + "' is named by queue " + String.join(", ", users)
                                + ", whose workers would no longer start; force it, or change the queue first");
            }
            VaultRepository.delete(handle, vault.id());
            transaction.audit(scope.did(
                    "vault.delete", "vault:" + vault.id(), Map.of("name", name, "queues", String.join(" ", users))));
            return vault;
        });
        erase(scope, deleted.id());
    }

    /** An opening key without a vault harms nobody: when the keeper is just gone, the vault is deleted all the same. */
    private void erase(Scope scope, String vaultId) {
        try {
            keeper.post(
                    "/internal/v1/vaults/" + vaultId + "/erase",
                    new InternalApi.Erase(scope.workspaceId(), scope.actor()),
                    new TypeReference<InternalApi.Count>() {});
        } catch (NightsafeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the opening key of deleted vault {0} stays with the keeper: {1}",
                    vaultId,
                    e.getMessage());
        }
    }

    static VaultRow require(Handle handle, Scope scope, String name) {
        return VaultRepository.byName(handle, scope.workspaceId(), name)
                .orElseThrow(() -> Failures.vaultNotFound(name));
    }

    static List<String> usedBy(VaultRow vault, List<QueueRow> queues) {
        return queues.stream()
                .filter(queue -> Deployments.names(Deployments.of(queue), vault.id()))
                .map(QueueRow::name)
                .toList();
    }

    private static boolean requireFree(Handle handle, Scope scope, String name) {
        VaultRepository.taken(handle, scope.workspaceId(), name).ifPresent(taken -> {
            throw Failures.alreadyExists("vault", name, taken);
        });
        return true;
    }
}
