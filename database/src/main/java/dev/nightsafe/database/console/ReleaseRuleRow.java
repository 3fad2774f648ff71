package dev.nightsafe.database.console;

import dev.nightsafe.core.release.ConsentedRule;
import dev.nightsafe.core.release.ReleaseRule;
import org.jspecify.annotations.Nullable;

/** A stored release rule; {@code createdAt} is milliseconds since 1970. */
public record ReleaseRuleRow(
        String id,
        String workspaceId,
        String vaultId,
        String queueId,
        String site,
        String gitUrl,
        String branch,
        String codePath,
        String startupCmd,
        String uses,
        String disclosure,
        @Nullable String commitId,
        long createdAt,
        String createdBy) {

    public static ReleaseRuleRow of(ReleaseRule rule, String workspaceId, long createdAt, String createdBy) {
        return new ReleaseRuleRow(
                rule.id(),
                workspaceId,
                rule.vaultId(),
                rule.queueId(),
                rule.site(),
                rule.gitUrl(),
                rule.branch(),
                rule.codePath(),
                rule.startupCmd(),
                rule.uses(),
                rule.disclosure(),
                rule.commit(),
                createdAt,
                createdBy);
    }

    public ReleaseRule rule() {
        return new ReleaseRule(
                id, vaultId, queueId, site, gitUrl, branch, codePath, startupCmd, uses, disclosure, commitId);
    }

    ConsentedRule consented() {
        return new ConsentedRule(workspaceId, rule(), createdAt, createdBy);
    }
}
