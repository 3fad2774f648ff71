package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Lookup;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.http.ApiClient;
import dev.nightsafe.protocol.internal.InternalApi;
import tools.jackson.core.type.TypeReference;

/** What a queue does now; the keeper knows. */
public final class QueueActivity {
    private static final TypeReference<ConsoleApi.QueueActivity> ACTIVITY = new TypeReference<>() {};

    private final Database database;
    private final Keeper keeper;

    public QueueActivity(Database database, Keeper keeper) {
        this.database = database;
        this.keeper = keeper;
    }

    ConsoleApi.QueueActivity of(Scope scope, String name) {
        String id = ApiClient.segment(
                database.read(handle -> Lookup.queue(handle, scope, name)).id());
        return keeper.get(
                "/internal/v1/queues/" + id + "?workspaceId=" + scope.workspaceId() + "&name="
                        + ApiClient.segment(name),
                ACTIVITY);
    }

    ConsoleApi.QueueActivity pause(Scope scope, String name) {
        return act(scope, name, "/pause");
    }

    ConsoleApi.QueueActivity resume(Scope scope, String name) {
        return act(scope, name, "/resume");
    }

    ConsoleApi.QueueActivity restart(Scope scope, String name) {
        return act(scope, name, "/restart");
    }

    private ConsoleApi.QueueActivity act(Scope scope, String name, String action) {
        String id = ApiClient.segment(
                database.read(handle -> Lookup.queue(handle, scope, name)).id());
        InternalApi.AskedOfQueue asked = new InternalApi.AskedOfQueue(scope.workspaceId(), name, scope.actor());
        return keeper.post("/internal/v1/queues/" + id + action, asked, ACTIVITY);
    }
}
