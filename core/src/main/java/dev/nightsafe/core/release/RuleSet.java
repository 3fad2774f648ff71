package dev.nightsafe.core.release;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.core.signing.Message;
import java.util.Comparator;
import java.util.List;

/**
 * All release rules of one vault, and its floor, in one version. The console authenticates them together, so that no rule
 * can be added, altered, moved here or taken away, and the floor not be lowered, unseen by somebody who can only write its
 * database; the version never goes back.
 *
 * @param version 0 as long as no console wrote anything, else milliseconds since 1970 or more
 * @param floor the weakest way in which workers may get the vault's values ({@link VaultFloor})
 */
public record RuleSet(
        String workspaceId, String vaultId, long version, Deployment.As floor, List<ConsentedRule> rules) {

    public RuleSet {
        rules = List.copyOf(rules);
    }

    /** What the console's HMAC over the set covers; the order of {@code rules} doesn't count. */
    public byte[] authenticated() {
        Message message = Message.of("nightsafe/release-rules/1")
                .add(workspaceId)
                .add(vaultId)
                .add(version)
                .add(Disclosure.word(floor));
        rules.stream()
                .sorted(Comparator.comparing(rule -> rule.rule().id()))
                .forEach(rule -> message.add(rule.message()));
        return message.bytes();
    }

    /** True when a console wrote exactly this: no rule, no floor and no version yet, or {@code mac} is right. */
    public boolean isAuthentic(Mac console, byte[] mac) {
        if (version == 0) {
            return rules.isEmpty() && floor == VaultFloor.LOWEST;
        }
        try {
            return console.verifies(authenticated(), mac);
        } catch (NullPointerException | IllegalArgumentException e) {
            // A null, or a text that can't be signed, in a row that no console wrote (I7).
            return false;
        }
    }
}
