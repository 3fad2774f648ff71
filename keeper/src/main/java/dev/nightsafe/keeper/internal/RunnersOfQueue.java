package dev.nightsafe.keeper.internal;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.database.keeper.Grants;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.keeper.enrolment.QueueNames;
import dev.nightsafe.keeper.leases.Deployed;
import dev.nightsafe.keeper.leases.QueueWatch;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How the runners that are enrolled for a queue serve it, for {@code queue check}. Says what happened, and makes nothing
 * happen: no secret is opened for it. Thread-safe.
 */
public final class RunnersOfQueue {
    private static final String NOT_YET = "it hasn't asked yet for the deployment that the queue has now";

    private final Database database;
    private final Database console;
    private final QueueWatch watch;
    private final Mac rows;
    private final InstantSource clock;

    /** @param rows under the key that only keepers have */
    public RunnersOfQueue(Database database, Database console, QueueWatch watch, Mac rows, InstantSource clock) {
        this.database = database;
        this.console = console;
        this.watch = watch;
        this.rows = rows;
        this.clock = clock;
    }

    /** By name; none for a queue that isn't there (I6). */
    List<InternalApi.RunnerOfQueue> of(String workspace, String queueId) {
        watch.refresh();
        Optional<Deployed> queue = watch.queues(workspace).stream()
                .filter(deployed -> deployed.queue().id().equals(queueId))
                .findFirst();
        return queue.map(deployed -> of(workspace, deployed)).orElse(List.of());
    }

    private List<InternalApi.RunnerOfQueue> of(String workspace, Deployed queue) {
        Map<String, Long> deposited = console.read(handle -> deposited(handle, queue.deployment()));
        return database.read(handle -> {
            Map<String, ServingLeases.Row> leases = ServingLeases.current(handle, workspace, clock.millis()).stream()
                    .filter(lease -> lease.queueId().equals(queue.queue().id()))
                    .collect(Collectors.toMap(ServingLeases.Row::runnerId, Function.identity()));
            return Runners.list(handle, workspace).stream()
                    .filter(runner -> mayServe(runner, queue))
                    .map(runner -> view(handle, runner, queue, Optional.ofNullable(leases.get(runner.id())), deposited))
                    .toList();
        });
    }

    private boolean mayServe(Runners.Row runner, Deployed queue) {
        return runner.revokedAt() == null
                && runner.isAuthentic(rows)
                && QueueNames.include(
                        QueueNames.read(runner.queues()), queue.queue().name());
    }

    private static InternalApi.RunnerOfQueue view(
            Handle handle,
            Runners.Row runner,
            Deployed queue,
            Optional<ServingLeases.Row> lease,
            Map<String, Long> deposited) {
        if (lease.isEmpty()) {
            return view(runner, "offline", null, false);
        }
        ServingLeases.Row now = lease.get();
        if (now.fencing() != queue.queue().revision()
                || !now.digest().equals(queue.queue().deploymentDigest())) {
            return view(runner, "starting", NOT_YET, false);
        }
        Map<String, Long> granted = Grants.newestUnder(handle, runner.id(), now.id());
        boolean all = deposited.entrySet().stream()
                .allMatch(secret -> secret.getValue().equals(granted.get(secret.getKey())));
        return view(runner, now.state(), now.detail(), all);
    }

    private static InternalApi.RunnerOfQueue view(
            Runners.Row runner, String state, @Nullable String detail, boolean granted) {
        return new InternalApi.RunnerOfQueue(runner.name(), runner.site(), runner.isolation(), state, detail, granted);
    }

    /** The versions of what a grant for this deployment has, by vault's id and key; the {@code git_token} too. */
    private static Map<String, Long> deposited(Handle handle, Deployment deployment) {
        Map<String, Map<String, Long>> read = deployment.allVaults().stream()
                .map(Deployment.VaultRef::id)
                .distinct()
                .collect(Collectors.toMap(Function.identity(), id -> ConsoleTables.versions(handle, id)));
        Map<String, Long> versions = new HashMap<>();
        for (Deployment.VaultRef vault : deployment.vaults()) {
            read.getOrDefault(vault.id(), Map.of()).forEach((key, version) -> {
                if (Names.isVariable(key)) {
                    versions.put(vault.id() + "/" + key, version);
                }
            });
        }
        Stream.concat(
                        deployment.secrets().stream().map(Deployment.SecretRef::from),
                        Stream.ofNullable(deployment.gitToken()))
                .forEach(ref -> versions.put(
                        ref.vault().id() + "/" + ref.key(),
                        read.getOrDefault(ref.vault().id(), Map.of()).getOrDefault(ref.key(), 0L)));
        return versions;
    }
}
