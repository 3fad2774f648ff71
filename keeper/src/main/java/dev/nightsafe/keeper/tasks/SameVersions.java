package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.database.keeper.ValuesOfTasks;
import dev.nightsafe.keeper.leases.Deployed;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Later attempts at tasks of queues that say {@code versions: same}. */
final class SameVersions {
    /** A deployment that doesn't say anything of versions has none of this, so most need not be read for each task. */
    private static final String SAID = "%\"versions\"%";

    private SameVersions() {}

    /** Remembers which grant the first attempt's worker has. */
    static void tie(Handle handle, Tasks.Row task, String grant) {
        if (task.attempt() == 1 && isSame(handle, task)) {
            ValuesOfTasks.tie(handle, task.id(), grant);
        }
    }

    /** What a worker must have for a task that was leased; null when any will do. */
    static KeeperApi.@Nullable SameValues of(Handle handle, Tasks.Row task) {
        if (!isSame(handle, task)) {
            return null;
        }
        return ValuesOfTasks.of(handle, task.id())
                .map(grant -> new KeeperApi.SameValues(grant, versions(handle, task, grant)))
                .orElse(null);
    }

    private static List<String> versions(Handle handle, Tasks.Row task, String grant) {
        return ValuesOfTasks.granted(handle, task.queueId(), grant).stream()
                .map(one -> one.vaultName() + "/" + one.key() + "@" + one.version())
                .sorted()
                .toList();
    }

    private static boolean isSame(Handle handle, Tasks.Row task) {
        return task.servingLeaseId() != null
                && ServingLeases.deploymentLike(handle, task.servingLeaseId(), SAID)
                        .filter(deployment ->
                                Deployed.read(deployment).renewal().versions() == Renewal.Versions.SAME)
                        .isPresent();
    }
}
