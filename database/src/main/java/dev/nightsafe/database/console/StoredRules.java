package dev.nightsafe.database.console;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.release.RuleSet;
import dev.nightsafe.core.signing.Mac;
import java.util.List;

/** A vault's release rules and floor as they stand in the database: not to be believed before {@link #isAuthentic}. */
public record StoredRules(
        String workspaceId, String vaultId, long version, Deployment.As floor, byte[] mac, List<ReleaseRuleRow> rows) {

    /** The same rules, to be vouched for in another version and with another floor. */
    public StoredRules in(long version, Deployment.As floor) {
        return new StoredRules(workspaceId, vaultId, version, floor, mac, rows);
    }

    public RuleSet set() {
        return new RuleSet(
                workspaceId,
                vaultId,
                version,
                floor,
                rows.stream().map(ReleaseRuleRow::consented).toList());
    }

    /** True when a console wrote this floor and these rules, all of them and nothing else, in this version. */
    public boolean isAuthentic(Mac console) {
        return set().isAuthentic(console, mac);
    }
}
