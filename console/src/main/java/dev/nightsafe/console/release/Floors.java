package dev.nightsafe.console.release;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.release.VaultFloor;
import dev.nightsafe.database.console.QueueRepository;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The weakest way in which workers may get a vault's values. Thread-safe. */
public final class Floors {
    private final Committer committer;
    private final Keeper keeper;
    private final RuleSets sets;

    public Floors(Committer committer, Keeper keeper, RuleSets sets) {
        this.committer = committer;
        this.keeper = keeper;
        this.sets = sets;
    }

    /** Holds for each grant from now on, and is the way out after somebody altered the vault's rules or its floor. */
    ConsoleApi.Floor set(Scope scope, String vaultName, ConsoleApi.NewFloor asked) {
        keeper.requireVaults();
        Deployment.As floor = Disclosure.choice(Deployment.As.class, asked.floor())
                .orElseThrow(() -> Failures.badRequest("'floor' is " + Disclosure.words(Deployment.As.class)));
        return committer.commit(transaction -> {
            VaultRow vault = VaultRepository.byName(transaction.handle(), scope.workspaceId(), vaultName)
                    .orElseThrow(() -> Failures.vaultNotFound(vaultName));
            sets.hold(transaction, scope, vault.id());
            Deployment.As before = sets.shownFloor(transaction.handle(), vault.workspaceId(), vault.id());
            sets.setFloor(transaction, scope, vault.id(), floor);
            transaction.audit(scope.did(
                    "vault.floor",
                    "vault:" + vault.id(),
                    Map.of("before", Disclosure.word(before), "floor", Disclosure.word(floor))));
            return new ConsoleApi.Floor(Disclosure.word(floor), below(transaction.handle(), vault, floor));
        });
    }

    /** The queues whose workers get none of the vault's values. */
    private static List<String> below(Handle handle, VaultRow vault, Deployment.As floor) {
        Deployment.VaultRef ref = new Deployment.VaultRef(vault.name(), vault.id());
        return QueueRepository.list(handle, vault.workspaceId()).stream()
                .filter(queue -> VaultFloor.broken(Deployments.of(queue), ref, queue.name(), floor)
                        .isPresent())
                .map(QueueRow::name)
                .toList();
    }
}
