package dev.nightsafe.console.queues;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Lookup;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.release.RuleSets;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** Tells before any task waits what a queue's tasks would wait for. Changes nothing and opens nothing. Thread-safe. */
public final class QueueChecks {
    private static final TypeReference<ConsoleApi.Items<InternalApi.RunnerOfQueue>> RUNNERS = new TypeReference<>() {};

    private final Database database;
    private final RuleSets rules;
    private final Keeper keeper;
    private final InstantSource clock;

    public QueueChecks(Database database, RuleSets rules, Keeper keeper, InstantSource clock) {
        this.database = database;
        this.rules = rules;
        this.keeper = keeper;
        this.clock = clock;
    }

    private record Read(QueueRow queue, List<ConsoleApi.CheckItem> vaults) {}

    ConsoleApi.QueueCheck check(Scope scope, String name) {
        InternalApi.Status status = keeper.status();
        Read read = database.read(handle -> {
            QueueRow queue = Lookup.queue(handle, scope, name);
            return new Read(queue, new VaultChecks(handle, scope, queue, rules, clock.millis()).items());
        });
        List<InternalApi.RunnerOfQueue> runners = keeper.get(
                        "/internal/v1/queues/" + ApiClient.segment(read.queue().id()) + "/runners?workspaceId="
                                + scope.workspaceId(),
                        RUNNERS)
                .items();
        List<ConsoleApi.CheckItem> ofQueue = new ArrayList<>();
        if (!read.vaults().isEmpty()) {
            ofQueue.add(enabled(status));
        }
        ofQueue.addAll(read.vaults());
        RunnerChecks checks = new RunnerChecks(runners, read.vaults().isEmpty());
        ofQueue.add(checks.connected());
        boolean ready = ofQueue.stream().allMatch(QueueChecks::isYes)
                && runners.stream()
                        .anyMatch(runner -> checks.of(runner).stream().allMatch(QueueChecks::isYes));
        runners.forEach(runner -> ofQueue.addAll(checks.of(runner)));
        return new ConsoleApi.QueueCheck(read.queue().name(), ready, ofQueue);
    }

    private static ConsoleApi.CheckItem enabled(InternalApi.Status status) {
        return new ConsoleApi.CheckItem(
                "vaults-enabled",
                null,
                null,
                null,
                null,
                status.vaultsEnabled() ? "yes" : "no",
                status.vaultsEnabled() ? null : status.reason());
    }

    private static boolean isYes(ConsoleApi.CheckItem item) {
        return item.answer().equals("yes");
    }
}
