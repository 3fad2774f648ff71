package dev.nightsafe.core.release;

import dev.nightsafe.core.signing.Message;

/**
 * A release rule with who gave it and when.
 *
 * @param createdAt milliseconds since 1970
 */
public record ConsentedRule(String workspaceId, ReleaseRule rule, long createdAt, String createdBy) {

    /** Every field, so that none can be another without being noticed. */
    byte[] message() {
        String commit = rule.commit();
        return Message.of("nightsafe/release-rule/1")
                .add(workspaceId)
                .add(rule.vaultId())
                .add(rule.id())
                .add(rule.queueId())
                .add(rule.site())
                .add(rule.gitUrl())
                .add(rule.branch())
                .add(rule.codePath())
                .add(rule.startupCmd())
                .add(rule.uses())
                .add(rule.disclosure())
                .add(commit == null ? "" : commit)
                .add(createdAt)
                .add(createdBy)
                .bytes();
    }
}
