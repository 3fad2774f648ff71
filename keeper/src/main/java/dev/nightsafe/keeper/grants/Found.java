package dev.nightsafe.keeper.grants;

import dev.nightsafe.database.keeper.ConsoleTables;
import java.util.List;

/**
 * What a request may have, by rules that a console wrote.
 *
 * @param released in the order of the bundle: whole vaults as listed, then single secrets
 * @param rules that were decided by, one for each vault involved
 */
record Found(List<Released> released, List<Rules> rules) {

    /** Whether everything is under the same locks as there. */
    boolean isUnder(Found other) {
        return locks().equals(other.locks());
    }

    private List<String> locks() {
        return released.stream().map(one -> one.secret().lockId()).toList();
    }

    /** The version of a vault's release rules. */
    record Rules(ConsoleTables.Vault vault, long version) {}
}
