package dev.nightsafe.console.queues;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Deployment.KeyRef;
import dev.nightsafe.core.queue.Deployment.SecretRef;
import dev.nightsafe.core.queue.Deployment.VaultRef;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.console.VaultRow;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Puts vault ids into a deployment, by the names in its workspace alone: an id that came from outside counts for nothing. */
final class VaultResolution {
    private final String queue;
    private final Map<String, String> ids = new HashMap<>();

    private VaultResolution(Handle handle, String workspaceId, QueueDefinition queue) {
        this.queue = queue.name();
        for (VaultRef vault : queue.deployment().allVaults()) {
            VaultRepository.byName(handle, workspaceId, vault.name())
                    .map(VaultRow::id)
                    .ifPresent(id -> ids.put(vault.name(), id));
        }
    }

    /** Throws {@link ProblemCode#VAULT_NOT_FOUND}, naming queue and vault. */
    static Deployment resolve(Handle handle, String workspaceId, QueueDefinition queue) {
        VaultResolution names = new VaultResolution(handle, workspaceId, queue);
        Deployment asked = queue.deployment();
        return asked.with(
                asked.vaults().stream().map(names::vault).toList(),
                asked.secrets().stream()
                        .map(secret -> new SecretRef(names.key(secret.from()), secret.as(), secret.env()))
                        .toList(),
                asked.gitToken() == null ? null : names.key(asked.gitToken()));
    }

    private KeyRef key(KeyRef ref) {
        return new KeyRef(vault(ref.vault()), ref.key());
    }

    private VaultRef vault(VaultRef ref) {
        String id = ids.get(ref.name());
        if (id == null) {
            throw new NightsafeException(
                    ProblemCode.VAULT_NOT_FOUND,
                    "vault not found: '" + ref.name() + "', which queue '" + queue
                            + "' names; create it first, or correct the name");
        }
        return new VaultRef(ref.name(), id);
    }
}
