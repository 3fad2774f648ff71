package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What programs print leaves only where queue and runner say so, without secrets, and never all of a flood. */
@Tag("slow")
class TaskLogsTest extends RunnerTestCase {
    private static final String CANARY = "canary-value-4711";
    private static final String TWO_LINES = "-----BEGIN canary-0815\ncanary-0816 END-----";

    @Test
    void what_a_program_prints_while_it_has_a_task_is_passed_on_before_the_tasks_end() {
        FakeKeeper.Queue queue = serve("""
                print("hello from " + task["task_id"])
                print("and more")
                return 1""", Disclosure.Logs.TRANSMIT);
        try (RunningRunner runner = start("logs: transmit")) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            assertThat(keeper.result(task).outcome()).isEqualTo("succeeded");
            assertThat(text(task)).isEqualTo("hello from " + task.id + "\nand more");
            assertThat(task.log).extracting(KeeperApi.LogPart::source).containsOnly("out");
            FakeKeeper.Task second = keeper.submit(queue, "{}");
            keeper.result(second);
            assertThat(text(second)).startsWith("hello from " + second.id);
            assertThat(runner.sent()).contains("/logs", "and more");
        }
    }

    @Test
    void nothing_is_passed_on_unless_queue_and_runner_both_say_so() {
        String printing = "print('hushed line')\nprint('hushed error', file=sys.stderr)\nreturn 1";
        FakeKeeper.Queue asking = serve(printing, Disclosure.Logs.TRANSMIT);
        try (RunningRunner runner = start("results: full")) {
            keeper.result(keeper.submit(asking, "{}"));
            assertThat(runner.log("work")).contains("hushed line");
        }
        FakeKeeper.Queue silent = serve(printing, Disclosure.Logs.LOCAL);
        keeper.remove(asking);
        try (RunningRunner runner = start("logs: transmit")) {
            keeper.result(keeper.submit(silent, "{}"));
            assertThat(runner.sent()).doesNotContain("hushed");
        }
        assertThat(keeper.everything()).doesNotContain("hushed");
        assertThat(keeper.calls()).noneMatch(call -> call.endsWith("/logs"));
    }

    @Test
    void a_secret_is_masked_in_pieces_over_lines_and_across_what_is_sent_at_once() {
        keeper.deposit("v", "TOKEN", CANARY);
        keeper.deposit("v", "KEY", TWO_LINES);
        FakeKeeper.Queue queue = serve("""
                for i in range(40):
                    sys.stdout.write("x" * 997 + os.environ["TOKEN"][:9])
                    sys.stdout.flush()
                    sys.stdout.write(os.environ["TOKEN"][9:] + "\\n")
                    print(os.environ["KEY"])
                    sys.stdout.flush()
                    time.sleep(0.005)
                return 1""", Disclosure.Logs.TRANSMIT, "v");
        try (RunningRunner runner = start("logs: transmit")) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            keeper.result(task);
            assertThat(keeper.calls().stream().filter(call -> call.endsWith("/logs")))
                    .as("sent in pieces")
                    .hasSizeGreaterThan(1);
            assertThat(text(task)).contains("x********\n");
            assertThat(keeper.everything()).doesNotContain("canary");
            assertThat(runner.sent()).doesNotContain("canary");
        }
    }

    @Test
    void the_sites_own_rules_hold_for_lines_and_nothing_steers_a_terminal() {
        FakeKeeper.Queue queue = serve("print('\\x1b[31mmail anna@example.com')\nreturn 1", Disclosure.Logs.TRANSMIT);
        try (RunningRunner runner = start("logs: transmit", "sanitize: [email]")) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            keeper.result(task);
            assertThat(text(task)).isEqualTo("mail [email]");
            assertThat(runner.sent()).doesNotContain("anna@");
        }
    }

    @Test
    void of_a_flood_some_leaves_and_the_rest_is_counted() {
        FakeKeeper.Queue queue = serve("""
                for i in range(20000):
                    print("line %d " % i + "y" * 90)
                return 1""", Disclosure.Logs.TRANSMIT);
        try (RunningRunner runner = start("logs: transmit")) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            assertThat(keeper.result(task).outcome()).isEqualTo("succeeded");
            assertThat(text(task)).contains("line 0 ").contains("lines were dropped; `nightsafe runner logs` has them");
            assertThat(keeper.calls().stream().filter(call -> call.endsWith("/logs")))
                    .hasSizeLessThan(200);
            assertThat(runner.log("work")).contains("line 19999 ");
        }
    }

    @Test
    void a_call_whose_answer_was_lost_is_repeated_and_the_task_ends_all_the_same() {
        FakeKeeper.Queue queue = serve("print('only once')\nreturn 1", Disclosure.Logs.TRANSMIT);
        keeper.set(() -> keeper.loseLogAnswers = 1);
        try (RunningRunner runner = start("logs: transmit")) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            assertThat(keeper.result(task).outcome()).isEqualTo("succeeded");
            assertThat(text(task)).isEqualTo("only once");
            assertThat(runner.ended).isNotDone();
        }
    }

    @Test
    void why_a_worker_died_is_in_what_it_printed_last() {
        FakeKeeper.Queue queue = serve("print('last words', file=sys.stderr)\nos._exit(3)", Disclosure.Logs.TRANSMIT);
        try (RunningRunner runner = start("logs: transmit")) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            assertThat(keeper.result(task).error()).contains("exited with 3");
            assertThat(text(task)).isEqualTo("last words");
            assertThat(task.log.getFirst().source()).isEqualTo("err");
            assertThat(runner.ended).isNotDone();
        }
    }

    private static String text(FakeKeeper.Task task) {
        return task.log.stream().map(KeeperApi.LogPart::text).collect(Collectors.joining("\n"));
    }

    private FakeKeeper.Queue serve(String body, Disclosure.Logs logs, String... vaults) {
        program(body);
        Deployment usual = RunningRunner.deployment(folder, "python main.py", vaults);
        return keeper.serve(
                "work",
                new Deployment(
                        usual.gitUrl(),
                        usual.branch(),
                        usual.codePath(),
                        usual.startupCmd(),
                        usual.mode(),
                        usual.startupTimeoutSecs(),
                        usual.redisStorage(),
                        usual.vaults(),
                        List.of(),
                        null,
                        new Disclosure(Disclosure.Results.FULL, Disclosure.Errors.TRACEBACK, logs),
                        Renewal.USUAL));
    }

    private RunningRunner start(String allowed, String... more) {
        String yaml = "isolation: none\nallow: {git: ['dir:" + folder + "/code'], queues: ['*'], " + allowed + "}\n"
                + String.join("\n", more);
        return RunningRunner.start(folder, keeper, yaml, RunningRunner.QUICK);
    }
}
