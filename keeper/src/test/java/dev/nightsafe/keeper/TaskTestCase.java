package dev.nightsafe.keeper;

import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/** A queue, a runner that serves it, and its lease. */
@SuppressWarnings("NullAway.Init") // JUnit makes them
abstract class TaskTestCase extends KeeperTestCase {
    ConsoleRole.Queue queue;
    RunnerRole runner;
    KeeperApi.ServingLease lease;

    @BeforeEach
    void serve() {
        queue = console.queue(workspace, "work", deployment());
        runner = runner("r1", "work");
        lease = runner.lease();
    }

    static JsonNode json(String text) {
        return Json.readTree(text.getBytes(StandardCharsets.UTF_8));
    }
}
