package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Disclosure.Errors;
import dev.nightsafe.core.queue.Disclosure.Logs;
import dev.nightsafe.core.queue.Disclosure.Results;
import dev.nightsafe.protocol.keeper.KeeperApi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What of a program's words leaves a real runner: everything that the keeper was ever sent is searched. */
@Tag("slow")
class BoundaryTest extends RunnerTestCase {
    private static final String TALKATIVE = """
            say({"status": "ready"})
            for line in sys.stdin:
                task = json.loads(line)
                print("hushed printed")
                say({"task_id": task["task_id"], "progress": "hushed progress"})
                say({"task_id": task["task_id"], "result": {"hushed result": 1}, "retry": False,
                     "error": "ValueError: hushed error" if task["payload"] else "",
                     "report": {"summary": "hushed summary", "exit_code": 7,
                                "issues": [{"severity": 1, "title": "hushed title"}]}})
            """;

    @Test
    void with_status_only_the_state_and_the_exit_code_leave_whatever_the_queue_asks() {
        FakeKeeper.Queue queue = serve(TALKATIVE, Disclosure.USUAL);
        try (RunningRunner runner = start("results: status")) {
            KeeperApi.TaskResult done = run(queue, "false");
            assertThat(done.outcome()).isEqualTo("succeeded");
            assertThat(String.valueOf(done.report())).isEqualTo("{\"exit_code\":7}");
            assertThat(done.withheld()).containsExactlyInAnyOrder("result", "report");
            assertThat(run(queue, "true").withheld()).contains("error");
            assertThat(keeper.everything()).doesNotContain("hushed");
            assertThat(runner.sent()).doesNotContain("hushed");
            assertThat(runner.log("work")).contains("hushed printed");
        }
    }

    @Test
    void a_queue_may_ask_for_less_than_the_runner_permits() {
        FakeKeeper.Queue queue = serve(TALKATIVE, new Disclosure(Results.SUMMARY, Errors.TYPE, Logs.LOCAL));
        try (RunningRunner runner = start("errors: message")) {
            KeeperApi.TaskResult failed = run(queue, "true");
            assertThat(failed.error()).isEqualTo("ValueError");
            assertThat(String.valueOf(failed.report())).contains("hushed summary");
            assertThat(keeper.everything()).doesNotContain("hushed result").doesNotContain("hushed error");
        }
    }

    @Test
    void why_a_program_does_not_start_is_an_error_too() {
        FakeKeeper.Queue queue = serve("""
                say({"status": "error", "error": "ValueError: hushed of the start"})
                sys.stdin.readline()
                """, Disclosure.USUAL);
        try (RunningRunner runner = start("errors: type")) {
            keeper.await("the reason", () -> keeper.detail(queue).contains("worker didn't start: ValueError"));
            assertThat(keeper.everything()).doesNotContain("hushed of the start");
            assertThat(runner.log("work")).contains("hushed of the start");
        }
    }

    private FakeKeeper.Queue serve(String program, Disclosure asked) {
        RunningRunner.program(folder, "main.py", MainJobTest.PROTOCOL + program);
        Deployment usual = RunningRunner.deployment(folder, "python main.py");
        return keeper.serve("work", usual.with(asked));
    }

    private RunningRunner start(String allowed) {
        String yaml = "isolation: none\nallow: {git: ['dir:" + folder + "/code'], queues: ['*'], " + allowed + "}";
        return RunningRunner.start(folder, keeper, yaml, RunningRunner.QUICK);
    }
}
