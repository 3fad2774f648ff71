package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.core.queue.Renewal.OnChange;
import dev.nightsafe.core.queue.Renewal.Signal;
import dev.nightsafe.core.queue.Renewal.Versions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What becomes of a worker, a real process, when a value is deposited while it runs. */
class NewValuesTest extends RunnerTestCase {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private static final String PLAIN = """
            serve(lambda task: open(os.environ["KEY_FILE"]).read()[::-1])
            """;

    private static final String WATCHES = """
            def value():
                return open(os.environ["KEY_FILE"]).read()

            told = []
            say({"status": "ready", "watches": True})
            for line in sys.stdin:
                message = json.loads(line)
                if "new_values" in message:
                    told += message["new_values"]
                    continue
                first = value()
                result = [",".join(told), first[::-1]]
                if message["payload"]:
                    say({"task_id": message["task_id"], "progress": first})
                    while value() == first:
                        time.sleep(0.01)
                    mode = oct(os.stat(os.environ["KEY_FILE"]).st_mode & 0o777)
                    result = [first, value(), mode, value()[::-1].split("-")[-1]]
                say({"task_id": message["task_id"], "result": result, "error": None, "retry": False})
            """;

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

    @ParameterizedTest
    @ValueSource(strings = {"none", "user", "namespace"})
    void files_of_a_worker_that_runs_are_replaced_it_is_told_and_both_values_are_masked(String isolation)
            throws Exception {
        if (!ROOT && !isolation.equals("none")) {
            return; // only root has all three
        }
        FakeKeeper.Queue queue = live(WATCHES, new Renewal(OnChange.LIVE));
        try (RunningRunner runner = start(isolation)) {
            assertThat(result(queue, "null")).hasToString("[\"\",\"0-eulav-tsrif\"]");
            FakeKeeper.Task task = keeper.submit(queue, "\"until it is new\"");
            keeper.await("that the worker has the task", () -> task.progress.contains("********"));
            keeper.deposit(queue, "v", "KEY", "second-value-0");
            JsonNode seen = Objects.requireNonNull(keeper.result(task).result());
            assertThat(seen).hasToString("[\"********\",\"********\",\"0o400\",\"dnoces\"]");
            assertThat(task.grants).as("the attempt is tied to both grants").isEqualTo(keeper.granted);
            awaitResult(queue, "[\"KEY_FILE\",\"0-eulav-dnoces\"]");
            assertThat(keeper.everything()).doesNotContain("first-value-0", "second-value-0");
        }
    }

    @Test
    void a_program_that_does_not_watch_is_told_nothing_and_finds_the_files_replaced() {
        FakeKeeper.Queue queue = live(PLAIN, new Renewal(OnChange.LIVE));
        try (RunningRunner runner = start()) {
            assertThat(result(queue, "null").asString()).isEqualTo("0-eulav-tsrif");
            keeper.deposit(queue, "v", "KEY", "second-value-0");
            awaitResult(queue, "\"0-eulav-dnoces\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "namespace"})
    void a_signal_comes_after_the_files_were_replaced(String isolation) throws Exception {
        FakeKeeper.Queue queue = live(
                """
                import signal
                seen = []
                signal.signal(signal.SIGUSR1, lambda *_: seen.append(open(os.environ["KEY_FILE"]).read()[::-1]))
                """ + PLAIN.replace("[::-1]", "[::-1] + ' ' + ','.join(seen)"),
                new Renewal(OnChange.SIGNAL, Signal.SIGUSR1, Versions.NEWEST));
        try (RunningRunner runner = start(isolation)) {
            assertThat(result(queue, "null").asString()).isEqualTo("0-eulav-tsrif ");
            keeper.deposit(queue, "v", "KEY", "second-value-0");
            awaitResult(queue, "\"0-eulav-dnoces 0-eulav-dnoces\"");
        }
    }

    @Test
    void a_grant_that_is_refused_leaves_the_files_is_said_and_tried_again() {
        FakeKeeper.Queue queue = live(PLAIN, new Renewal(OnChange.LIVE));
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "ready");
            keeper.set(() -> keeper.refuseGrants = true);
            keeper.deposit(queue, "v", "KEY", "second-value-0");
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue))
                    .contains("worker 1 goes on with the values that it has")
                    .contains("isn't released");
            assertThat(result(queue, "null").asString()).isEqualTo("0-eulav-tsrif");
            keeper.set(() -> keeper.refuseGrants = false);
            keeper.awaitState(queue, "ready");
            assertThat(result(queue, "null").asString()).isEqualTo("0-eulav-dnoces");
        }
    }

    @Test
    void a_worker_cannot_lead_its_new_values_to_another_place() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxrwxrwx"));
        FakeKeeper.Queue queue = live("""
                os.rename("/run/nightsafe", "/run/away")
                os.symlink("%s", "/run/nightsafe")
                os.environ["KEY_FILE"] = "/run/away/v.KEY"
                """.formatted(elsewhere) + PLAIN, new Renewal(OnChange.LIVE));
        try (RunningRunner runner = start("namespace")) {
            keeper.awaitState(queue, "ready");
            keeper.deposit(queue, "v", "KEY", "second-value-0");
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("can't be replaced");
            assertThat(runner.log(queue.name)).contains("can't replace the file of a secret");
            assertThat(elsewhere).isEmptyDirectory();
        }
    }

    /** A queue with a file. */
    private FakeKeeper.Queue live(String program, Renewal renewal) {
        keeper.deposit("v", "KEY", "first-value-0");
        RunningRunner.program(folder, "main.py", MainJobTest.PROTOCOL + program);
        FakeKeeper.Queue queue = keeper.serve(
                "work",
                RunningRunner.deployment(
                                "dir:" + folder + "/code",
                                "python main.py",
                                Deployment.Mode.LONG_RUNNING,
                                List.of(),
                                List.of(RunningRunner.secret("v", "KEY", Deployment.As.FILE, "KEY_FILE")))
                        .with(renewal));
        keeper.set(() -> queue.values = "at first");
        return queue;
    }

    private RunningRunner start(String isolation) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return RunningRunner.start(folder, keeper, "isolation: " + isolation, RunningRunner.QUICK);
    }

    /** Asks again and again: the worker's answer is all that can be seen of what happened to it. */
    private void awaitResult(FakeKeeper.Queue queue, String wanted) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String last = "";
        while (!last.equals(wanted) && System.nanoTime() < until) {
            last = result(queue, "null").toString();
        }
        assertThat(last).isEqualTo(wanted);
    }

    /** A queue with the vault {@code v}. */
    private FakeKeeper.Queue serve(Renewal renewal, String body) {
        program(body);
        Deployment deployment =
                RunningRunner.deployment(folder, "python main.py", "v").with(renewal);
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
