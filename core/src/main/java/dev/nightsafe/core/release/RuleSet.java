package dev.nightsafe.core.release;

import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.core.signing.Message;
import java.util.Comparator;
import java.util.List;

/**
 * All release rules of one vault in one version. The console authenticates them together, so that none can be added,
 * altered, moved here or taken away unseen by somebody who can only write its database; the version never goes back.
 *
 * @param version 0 as long as the vault never had a rule, else milliseconds since 1970 or more
 */
public record RuleSet(String workspaceId, String vaultId, long version, List<ConsentedRule> rules) {

    public RuleSet {
        rules = List.copyOf(rules);
    }

    /** What the console's HMAC over the set covers; the order of {@code rules} doesn't count. */
    public byte[] authenticated() {
        Message message = Message.of("nightsafe/release-rules/1")
                .add(workspaceId)
                .add(vaultId)
                .add(version);
        rules.stream()
                .sorted(Comparator.comparing(rule -> rule.rule().id()))
                .forEach(rule -> message.add(rule.message()));
        return message.bytes();
    }

    /** True when a console wrote exactly this: no rule and no version yet, or {@code mac} is right. */
    public boolean isAuthentic(Mac console, byte[] mac) {
        if (version == 0) {
            return rules.isEmpty();
        }
        try {
            return console.verifies(authenticated(), mac);
        } catch (NullPointerException | IllegalArgumentException e) {
            // A null, or a text that can't be signed, in a row that no console wrote (I7).
            return false;
        }
    }
}
