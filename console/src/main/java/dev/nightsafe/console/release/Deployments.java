package dev.nightsafe.console.release;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.protocol.json.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.type.TypeReference;

/** Stored deployments, and what they need consent for. */
public final class Deployments {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private Deployments() {}

    /** The deployment of a queue as it stands, with vault ids. */
    public static Deployment of(QueueRow queue) {
        return Deployment.fromMap(Json.MAPPER.readValue(queue.deployment(), MAP));
    }

    /** True when the deployment names this vault. */
    public static boolean names(Deployment deployment, String vaultId) {
        return deployment.allVaults().stream().anyMatch(vault -> vault.id().equals(vaultId));
    }

    /** True while the rule permits the deployment as it stands, at the rule's own site and commit. */
    public static boolean isCurrent(ReleaseRuleRow rule, String queueId, Deployment deployment) {
        return rule.rule()
                .difference(queueId, rule.site(), deployment, rule.commitId())
                .isEmpty();
    }

    /**
     * Names of the deployment's vaults without a current rule.
     *
     * @param rules of a vault, by its id
     */
    public static List<String> notReleased(
            String queueId, Deployment deployment, Function<String, List<ReleaseRuleRow>> rules) {
        return deployment.allVaults().stream()
                .filter(vault ->
                        rules.apply(vault.id()).stream().noneMatch(rule -> isCurrent(rule, queueId, deployment)))
                .map(Deployment.VaultRef::name)
                .toList();
    }
}
