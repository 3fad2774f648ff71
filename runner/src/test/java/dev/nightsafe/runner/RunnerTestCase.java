package dev.nightsafe.runner;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fake keeper, a folder, and Python programs that speak the task protocol. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
abstract class RunnerTestCase {
    @TempDir
    Path folder;

    FakeKeeper keeper;

    @BeforeEach
    void open() {
        keeper = new FakeKeeper();
    }

    @AfterEach
    void close() {
        keeper.close();
    }

    /** A queue whose worker answers each task with what {@code body} returns. */
    FakeKeeper.Queue serve(String body, String... vaults) {
        program(body);
        return keeper.serve("work", RunningRunner.deployment(folder, "python main.py", vaults));
    }

    FakeKeeper.Queue serveOneShot(String body, List<String> vaults) {
        program(body);
        return keeper.serve(
                "work",
                RunningRunner.deployment(
                        "dir:" + folder + "/code", "python main.py", Deployment.Mode.ONE_SHOT, vaults, List.of()));
    }

    void program(String body) {
        RunningRunner.program(
                folder,
                "main.py",
                MainJobTest.PROTOCOL + "def handler(task):\n" + body.indent(4) + "\nserve(handler)\n");
    }

    RunningRunner start() {
        return RunningRunner.start(folder, keeper);
    }

    /** Submits one task and waits for its end. */
    KeeperApi.TaskResult run(FakeKeeper.Queue queue, String payload) {
        return keeper.result(keeper.submit(queue, payload));
    }
}
