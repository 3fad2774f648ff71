package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.database.keeper.ConsoleTables;

/** A deposit that a release rule lets a deployment have, still sealed. */
public record Released(ConsoleTables.Vault vault, ConsoleTables.Secret secret) {
    /** How errors and the audit name it. */
    public String name() {
        return vault.name() + "/" + secret.key();
    }

    /** What its box is bound to. */
    DepositBinding binding() {
        return new DepositBinding(vault.workspaceId(), vault.id(), secret.key(), secret.version(), secret.isSecret());
    }
}
