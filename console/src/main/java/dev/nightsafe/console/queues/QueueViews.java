package dev.nightsafe.console.queues;

import dev.nightsafe.console.platform.Times;
import dev.nightsafe.console.release.Deployments;
import dev.nightsafe.console.schedules.Schedules;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;

/** Queues as the API shows them. */
final class QueueViews {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private QueueViews() {}

    /** @param rules of a vault, by its id */
    static ConsoleApi.Queue view(Handle handle, QueueRow queue, Function<String, List<ReleaseRuleRow>> rules) {
        Deployment deployment = Deployments.of(queue);
        return new ConsoleApi.Queue(
                queue.id(),
                queue.name(),
                Json.MAPPER.readValue(queue.definition(), MAP),
                deployment.toMap(),
                deployment.allVaults().stream().map(Deployment.VaultRef::name).toList(),
                queue.deploymentDigest(),
                queue.revision(),
                Times.iso(queue.updatedAt()),
                Deployments.notReleased(queue.id(), deployment, rules),
                Schedules.views(handle, queue.id()));
    }
}
