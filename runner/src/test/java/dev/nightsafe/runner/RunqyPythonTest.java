package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs written for runqy-python 0.2.2, unmodified from the package index. */
class RunqyPythonTest extends RunnerTestCase {
    private static final String PROGRAM = """
            import os
            from runqy_python import task, load, run, run_once, RetryableError

            @load
            def setup():
                return {"key": os.environ["OPENAI_API_KEY"]}

            @task
            def handle(payload, ctx):
                print("printed by the program", payload)
                if payload.get("fail") == "retry":
                    raise RetryableError("later, " + ctx["key"])
                if payload.get("fail"):
                    raise ValueError("broken with " + ctx["key"])
                return {"reversed": ctx["key"][::-1], "echo": ctx["key"]}

            if __name__ == "__main__":
                RUN()
            """;

    @Test
    void a_long_running_program_uses_a_secret() throws Exception {
        FakeKeeper.Queue queue = queue("run", Deployment.Mode.LONG_RUNNING);
        try (RunningRunner runner = startWithPip()) {
            KeeperApi.TaskResult result = run(queue, "{}");
            assertThat(String.valueOf(result.result()))
                    .isEqualTo("{\"reversed\":\"321-yek-emos\",\"echo\":\"********\"}");
            KeeperApi.TaskResult retried = run(queue, "{\"fail\": \"retry\"}");
            assertThat(retried.error()).isEqualTo("later, ********");
            assertThat(retried.retry()).isTrue();
            KeeperApi.TaskResult failed = run(queue, "{\"fail\": true}");
            assertThat(failed.error())
                    .contains("ValueError: broken with ********")
                    .contains("Traceback");
            assertThat(failed.retry()).isFalse();
            assertThat(runner.log("work")).contains("1.err printed by the program");
            assertThat(keeper.grants()).hasSize(1);
        }
    }

    @Test
    void a_one_shot_program_takes_one_task_a_process() throws Exception {
        FakeKeeper.Queue queue = queue("run_once", Deployment.Mode.ONE_SHOT);
        try (RunningRunner runner = startWithPip()) {
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
            assertThat(keeper.grants()).hasSize(3);
        }
    }

    private FakeKeeper.Queue queue(String run, Deployment.Mode mode) throws Exception {
        keeper.deposit("api-keys", "OPENAI_API_KEY", "some-key-123");
        RunningRunner.program(folder, "main.py", PROGRAM.replace("RUN", run));
        Files.writeString(folder.resolve("code/requirements.txt"), "runqy-python==0.2.2\n");
        return keeper.serve(
                "work",
                RunningRunner.deployment(
                        "dir:" + folder + "/code", "python main.py", mode, List.of("api-keys"), List.of()));
    }

    private RunningRunner startWithPip() {
        String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: ['dir:" + folder
                + "/code'], queues: ['*']}";
        return RunningRunner.with(folder, PackageIndex.environment(), yaml, keeper.token);
    }
}
