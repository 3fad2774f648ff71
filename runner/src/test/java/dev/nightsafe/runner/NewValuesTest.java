package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.core.queue.Renewal.OnChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of a worker, a real process, when a value is deposited while it runs. */
class NewValuesTest extends RunnerTestCase {
    @Test
    void a_worker_starts_anew_for_new_values_and_finishes_its_task_before() throws Exception {
        keeper.deposit("v", "KEY", "first-value-0");
        FakeKeeper.Queue queue = serve(new Renewal(OnChange.RESTART), """
                if task["payload"]:
                    open(task["payload"] + ".begun", "w").close()
                    while not os.path.exists(task["payload"]):
                        time.sleep(0.01)
                return [os.getpid(), os.environ["KEY"][::-1]]""");
        try (RunningRunner runner = start()) {
            JsonNode before = result(queue, "null");
            assertThat(before.get(1).asString()).isEqualTo("0-eulav-tsrif");
            Path go = folder.resolve("go");
            FakeKeeper.Task inHand = keeper.submit(queue, "\"" + go + "\"");
            keeper.await("that the worker has the task", () -> Files.exists(folder.resolve("go.begun")));
            keeper.deposit(queue, "v", "KEY", "second-value-0");
            awaitLog(runner, "a value is new; the workers start anew");
            Files.createFile(go);
            assertThat(Objects.requireNonNull(keeper.result(inHand).result())).isEqualTo(before);
            keeper.await("another grant", () -> keeper.granted.size() == 2);
            JsonNode after = result(queue, "null");
            assertThat(after.get(1).asString()).isEqualTo("0-eulav-dnoces");
            assertThat(after.get(0)).isNotEqualTo(before.get(0));
            assertThat(keeper.granted).hasSize(2);
        }
    }

    /** A queue with the vault {@code v}. */
    private FakeKeeper.Queue serve(Renewal renewal, String body) {
        program(body);
        Deployment deployment = RunningRunner.deployment(folder, "python main.py", "v").with(renewal);
        FakeKeeper.Queue queue = keeper.serve("work", deployment);
        keeper.set(() -> queue.values = "at first");
        return queue;
    }

    private JsonNode result(FakeKeeper.Queue queue, String payload) {
        return Objects.requireNonNull(run(queue, payload).result());
    }

    /** The log is written without the keeper, so it is looked at again and again. */
    private void awaitLog(RunningRunner runner, String text) {
        keeper.await("'" + text + "' in the log", () -> runner.log("work").contains(text));
    }
}
