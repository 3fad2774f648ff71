package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task uses a secret; the secret stays. */
class MainJobTest {
    /** Speaks the task protocol with nothing but Python's own library. */
    static final String PROTOCOL = """
            import json, os, subprocess, sys, time

            def say(message):
                sys.stdout.write(json.dumps(message) + "\\n")
                sys.stdout.flush()

            def serve(handler):
                say({"status": "ready"})
                for line in sys.stdin:
                    task = json.loads(line)
                    try:
                        result, error = handler(task), None
                    except Exception as e:
                        result, error = None, repr(e)
                    say({"task_id": task["task_id"], "result": result, "error": error, "retry": False})
            """;

    @TempDir
    Path folder;

    @Test
    void a_task_uses_a_secret_and_its_result_does_not_show_it() {
        String canary = "canary-" + System.nanoTime();
        RunningRunner.program(folder, "main.py", PROTOCOL + """
                        def handler(task):
                            key = os.environ["OPENAI_API_KEY"]
                            print(key, file=sys.stderr)
                            say({"task_id": task["task_id"], "progress": "using " + key})
                            while not os.path.exists(task["payload"]["go"]):
                                time.sleep(0.01)
                            return {"length": len(key), "key": key, "sum": task["payload"]["a"] + 1}
                        serve(handler)
                        """);
        try (FakeKeeper keeper = new FakeKeeper()) {
            keeper.deposit("api-keys", "OPENAI_API_KEY", canary);
            FakeKeeper.Queue queue =
                    keeper.serve("summarize", RunningRunner.deployment(folder, "python main.py", "api-keys"));
            try (RunningRunner runner = RunningRunner.start(folder, keeper)) {
                keeper.awaitState(queue, "ready");
                FakeKeeper.Task task = keeper.submit(queue, "{\"a\": 41, \"go\": \"" + folder + "/code/go\"}");
                keeper.await("progress", () -> task.progress.contains("using ********"));
                RunningRunner.program(folder, "go", "");
                KeeperApi.TaskResult result = keeper.result(task);
                assertThat(result.error()).isNull();
                assertThat(result.outcome()).isEqualTo("succeeded");
                assertThat(String.valueOf(result.result()))
                        .isEqualTo("{\"length\":" + canary.length() + ",\"key\":\"********\",\"sum\":42}");
                runner.stop();
                assertThat(runner.log("summarize")).contains("1.err ********").doesNotContain(canary);
                assertThat(runner.sent()).contains("using ********").doesNotContain(canary);
                assertThat(keeper.everything()).doesNotContain(canary);
            }
        }
    }
}
