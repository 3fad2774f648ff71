package dev.nightsafe.database.console;

import dev.nightsafe.core.release.RuleSet;
import dev.nightsafe.core.signing.Mac;
import java.util.List;

/** A vault's release rules as they stand in the database: not to be believed before {@link #isAuthentic}. */
public record StoredRules(String workspaceId, String vaultId, long version, byte[] mac, List<ReleaseRuleRow> rows) {

    public RuleSet set() {
        return new RuleSet(
                workspaceId,
                vaultId,
                version,
                rows.stream().map(ReleaseRuleRow::consented).toList());
    }

    /** True when a console wrote these rules, all of them and nothing else, in this version. */
    public boolean isAuthentic(Mac console) {
        return set().isAuthentic(console, mac);
    }
}
