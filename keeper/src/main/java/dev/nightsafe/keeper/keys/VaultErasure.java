package dev.nightsafe.keeper.keys;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.database.keeper.Keys;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.TreeMap;

/** Destroys the opening keys of deleted vaults, so that boxes in old files and backups open no more. Thread-safe. */
public final class VaultErasure {
    private final Database console;
    private final Committer committer;
    private final Committer keys;

    /**
     * @param console the console's tables, which say whether the vault is gone
     * @param keys commits to keys.db
     */
    public VaultErasure(Database console, Committer committer, Committer keys) {
        this.console = console;
        this.committer = committer;
        this.keys = keys;
    }

    /** Throws {@code VAULT_IN_USE} while there is such a vault; nothing that can still be opened is given up. */
    public InternalApi.Count erase(String vaultId, InternalApi.Erase wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        if (console.read(handle -> ConsoleTables.vault(handle, workspace, vaultId))
                .isPresent()) {
            throw new NightsafeException(
                    ProblemCode.VAULT_IN_USE, "the vault is still there; its opening keys stay until it is deleted");
        }
        committer.commit(transaction -> {
            transaction.audit(
                    new AuditEvent(workspace, actor, "vault.erase", "vault:" + vaultId, "ok", new TreeMap<>()));
            return true;
        });
        return new InternalApi.Count(keys.commit(transaction -> Keys.delete(transaction.handle(), workspace, vaultId)));
    }
}
