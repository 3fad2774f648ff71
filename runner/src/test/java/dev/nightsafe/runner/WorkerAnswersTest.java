package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What workers answer and print, well-formed or not. */
@Tag("slow")
class WorkerAnswersTest extends RunnerTestCase {
    @Test
    void results_of_any_type_come_back_as_they_are() {
        FakeKeeper.Queue queue = serve("return task['payload']");
        try (RunningRunner runner = start()) {
            for (String value :
                    List.of("null", "true", "1234", "\"text\"", "[]", "{}", "123456789012345678901234567890")) {
                assertThat(String.valueOf(run(queue, value).result())).isEqualTo(value);
            }
        }
    }

    @Test
    void an_error_is_a_failure_with_its_text_and_its_word_on_retrying() {
        keeper.deposit("v", "KEY", "value-in-a-traceback");
        program("");
        RunningRunner.program(folder, "main.py", MainJobTest.PROTOCOL + """
                        import traceback
                        say({"status": "ready"})
                        for line in sys.stdin:
                            task = json.loads(line)
                            try:
                                raise ValueError("can't use " + os.environ["KEY"])
                            except ValueError:
                                error = traceback.format_exc()
                            say({"task_id": task["task_id"], "result": None, "error": error, "retry": task["payload"]})
                        """);
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python3 main.py", "v"));
        try (RunningRunner runner = start()) {
            KeeperApi.TaskResult again = run(queue, "true");
            assertThat(again.outcome()).isEqualTo("failed");
            assertThat(again.retry()).isTrue();
            assertThat(again.error()).contains("ValueError: can't use ********").contains("Traceback");
            assertThat(run(queue, "false").retry()).isFalse();
            assertThat(keeper.everything()).doesNotContain("value-in-a-traceback");
        }
    }

    @Test
    void a_report_and_progress_are_passed_on() {
        program("");
        RunningRunner.program(folder, "main.py", MainJobTest.PROTOCOL + """
                        say({"status": "ready"})
                        task = json.loads(sys.stdin.readline())
                        say({"task_id": task["task_id"], "progress": "half"})
                        say({"task_id": task["task_id"], "result": 1, "error": "", "retry": False,
                             "report": {"issues": [{"severity": 2, "title": "t", "next_steps": ["a"]}]}})
                        sys.stdin.readline()
                        """);
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py"));
        try (RunningRunner runner = start()) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            KeeperApi.TaskResult result = keeper.result(task);
            assertThat(result.outcome()).isEqualTo("succeeded");
            assertThat(String.valueOf(result.report()))
                    .isEqualTo("{\"issues\":[{\"severity\":2,\"title\":\"t\",\"next_steps\":[\"a\"]}]}");
        }
    }

    @Test
    void a_report_that_does_not_fit_or_no_longer_fits_once_redacted_costs_not_the_result() {
        keeper.deposit("v", "PIN", "1234567");
        program("");
        RunningRunner.program(folder, "main.py", MainJobTest.PROTOCOL + """
                        say({"status": "ready"})
                        reports = {"odd": {"summery": 1}, "text": "done", "code": {"exit_code": int(os.environ["PIN"])}}
                        for line in sys.stdin:
                            task = json.loads(line)
                            say({"task_id": task["task_id"], "result": [1], "error": None, "retry": False,
                                 "report": reports[task["payload"]]})
                        """);
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py", "v"));
        try (RunningRunner runner = start()) {
            assertReplaced(run(queue, "\"odd\""), "the report has a name that isn't known");
            assertReplaced(run(queue, "\"text\""), "the report must be an object");
            assertReplaced(run(queue, "\"code\""), "exit_code must be a whole number");
            assertThat(keeper.everything()).doesNotContain("1234567");
        }
    }

    private static void assertReplaced(KeeperApi.TaskResult result, String why) {
        assertThat(result.outcome()).isEqualTo("succeeded");
        assertThat(String.valueOf(result.result())).isEqualTo("[1]");
        assertThat(String.valueOf(result.report())).contains("didn't fit").contains(why);
    }

    @Test
    void garbage_on_standard_output_goes_to_the_log_and_disturbs_nothing() {
        FakeKeeper.Queue queue = serve("""
                sys.stdout.write("hello\\n{\\n{}\\n[1]\\nnull\\n{\\"task_id\\": 5}\\n{\\"status\\": \\"odd\\"}\\n\\n")
                sys.stdout.write('{"task_id": "another", "progress": "1"}\\n')
                sys.stdout.buffer.write(b"\\xff\\xfe\\x00\\n")
                return "fine\"""");
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("\"fine\"");
            assertThat(runner.log("work")).contains("1.out hello").contains("1.out {");
        }
    }

    @Test
    void a_flood_on_both_outputs_is_bounded_and_the_task_still_ends() {
        FakeKeeper.Queue queue = serve("""
                for i in range(30):
                    sys.stdout.write("x" * 1_000_000 + "\\n")
                    sys.stderr.write("y" * 1_000_000 + "\\n")
                sys.stdout.write("z" * 3_000_000 + "\\n")
                return "done\"""");
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("\"done\"");
            assertThat(runner.log("work").length()).isLessThan(11 << 20);
            assertThat(runner.log("work")).contains("a line of more than 2097152 bytes was dropped");
        }
    }

    @Test
    void a_result_that_is_too_long_fails_the_task_and_says_so() {
        FakeKeeper.Queue queue = serve("return 'x' * 3_000_000");
        try (RunningRunner runner = start()) {
            KeeperApi.TaskResult result = run(queue, "{}");
            assertThat(result.error()).contains("more than 2 MiB");
            assertThat(result.retry()).isFalse();
        }
    }

    @Test
    void a_result_that_is_no_json_fails_the_task_and_says_so() {
        FakeKeeper.Queue queue = serve("return float('nan')");
        try (RunningRunner runner = start()) {
            assertThat(run(queue, "{}").error()).contains("isn't JSON");
        }
    }

    @Test
    void a_secret_across_the_structure_of_a_result_fails_the_task() {
        keeper.deposit("v", "KEY", "\"a\": \"b\", \"c\": [");
        FakeKeeper.Queue queue = serve("return {'a': 'b', 'c': [1]}", "v");
        try (RunningRunner runner = start()) {
            assertThat(run(queue, "{}").error()).contains("can't be redacted");
            assertThat(keeper.everything()).doesNotContain("\"a\": \"b\"");
        }
    }

    @Test
    void a_worker_that_dies_in_the_middle_fails_its_task_for_another_try_and_is_restarted() {
        FakeKeeper.Queue queue = serve("""
                if task["payload"] == "die":
                    os._exit(7)
                return os.getpid()""");
        try (RunningRunner runner = start()) {
            KeeperApi.TaskResult died = run(queue, "\"die\"");
            assertThat(died.outcome()).isEqualTo("failed");
            assertThat(died.error()).isEqualTo("worker exited with 7");
            assertThat(died.retry()).isTrue();
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
            assertThat(keeper.grants()).hasSize(2);
        }
    }

    @Test
    void a_worker_that_dies_in_the_middle_of_its_answer_has_died_and_not_answered() {
        FakeKeeper.Queue queue = serve("""
                sys.stdout.write('{"task_id": "' + task["task_id"] + '", "result": "beg')
                sys.stdout.flush()
                os._exit(7)""");
        try (RunningRunner runner = start()) {
            KeeperApi.TaskResult died = run(queue, "{}");
            assertThat(died.error()).isEqualTo("worker exited with 7");
            assertThat(died.retry()).isTrue();
            assertThat(runner.log("work")).contains("it ended in the middle of a message, which was dropped");
        }
    }

    @Test
    void an_answer_with_a_wrong_id_fails_the_task_for_another_try_and_ends_the_worker() {
        FakeKeeper.Queue queue = serve("""
                if task["payload"] == "wrong":
                    say({"task_id": "another", "result": "stolen", "error": "", "retry": False})
                    say({"task_id": task["task_id"], "result": "too late", "error": "", "retry": False})
                return os.getpid()""");
        try (RunningRunner runner = start()) {
            var before = Objects.requireNonNull(run(queue, "{}").result());
            KeeperApi.TaskResult wrong = run(queue, "\"wrong\"");
            assertThat(wrong.outcome()).isEqualTo("failed");
            assertThat(wrong.error()).isEqualTo("worker answered a task that it didn't have (wrong task_id)");
            assertThat(wrong.retry()).isTrue();
            assertThat(Objects.requireNonNull(run(queue, "{}").result())).isNotEqualTo(before);
            assertThat(keeper.everything()).doesNotContain("stolen").doesNotContain("too late");
        }
    }

    @Test
    void an_answer_to_no_task_at_all_ends_a_worker_that_is_idle() {
        RunningRunner.program(folder, "main.py", MainJobTest.PROTOCOL + """
                        say({"status": "ready"})
                        say({"task_id": "none", "result": 1})
                        sys.stdin.readline()
                        """);
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py"));
        try (RunningRunner runner = start()) {
            keeper.await("the reason", () -> keeper.detail(queue).contains("wrong task_id"));
        }
    }

    @Test
    void a_second_answer_is_ignored_and_logged_whether_it_comes_at_once_or_during_the_next_task() {
        FakeKeeper.Queue queue = serve("""
                global last
                if task["payload"] != "first":
                    say({"task_id": last, "result": "again", "error": "", "retry": False})
                last = task["task_id"]
                say({"task_id": last, "result": task["payload"], "error": "", "retry": False})
                return "second\"""");
        try (RunningRunner runner = start()) {
            FakeKeeper.Task first = keeper.submit(queue, "\"first\"");
            assertThat(String.valueOf(keeper.result(first).result())).isEqualTo("\"first\"");
            FakeKeeper.Task next = keeper.submit(queue, "\"next\"");
            assertThat(String.valueOf(keeper.result(next).result())).isEqualTo("\"next\"");
            assertThat(String.valueOf(run(queue, "\"last\"").result())).isEqualTo("\"last\"");
            assertThat(first.results).hasSize(1);
            assertThat(next.results).hasSize(1);
            assertThat(runner.log("work")).contains("another answer to task " + first.id + " was ignored");
            assertThat(keeper.grants()).hasSize(1);
        }
    }
}
