package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Workers that behave, that don't, and what becomes of their tasks. */
@Tag("slow")
class WorkerLifeTest extends RunnerTestCase {
    @Test
    void the_worker_is_up_before_its_first_task_and_takes_one_after_another() {
        FakeKeeper.Queue queue = serve("return [os.getpid(), task['type'], task['queue'], task['max_retry']]");
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "ready");
            var first = Objects.requireNonNull(run(queue, "{}").result());
            var second = Objects.requireNonNull(run(queue, "null").result());
            assertThat(first.get(0)).isEqualTo(second.get(0));
            assertThat(first.get(1).asString()).isEqualTo("test");
            assertThat(first.get(2).asString()).isEqualTo("work");
            assertThat(keeper.grants()).hasSize(1);
        }
    }

    @Test
    void the_next_task_comes_with_the_end_of_the_one_before() {
        FakeKeeper.Queue queue = serve("return task['payload']");
        FakeKeeper.Task first = keeper.submit(queue, "1");
        FakeKeeper.Task second = keeper.submit(queue, "2");
        FakeKeeper.Task third = keeper.submit(queue, "3");
        try (RunningRunner runner = start()) {
            assertThat(keeper.result(first).outcome()).isEqualTo("succeeded");
            assertThat(keeper.result(second).outcome()).isEqualTo("succeeded");
            assertThat(String.valueOf(keeper.result(third).result())).isEqualTo("3");
            List<String> calls = keeper.calls();
            List<String> before = calls.subList(0, calls.indexOf("POST /v1/task-leases/" + third.leaseId + "/result"));
            assertThat(before).containsOnlyOnce("POST /v1/task-leases");
        }
    }

    @Test
    void a_worker_that_exits_with_0_is_restarted_and_degraded_at_the_fifth_time() {
        RunningRunner.program(folder, "main.py", "print('{\"status\": \"ready\"}', flush=True)");
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py"));
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("worker exited with 0").contains("next try in");
            assertThat(keeper.grants().size()).isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void a_worker_that_never_gets_ready_is_ended_and_said() {
        RunningRunner.program(folder, "main.py", "import time\ntime.sleep(600)");
        Deployment slow = RunningRunner.deployment(folder, "python main.py");
        FakeKeeper.Queue queue = keeper.serve(
                "work",
                new Deployment(
                        slow.gitUrl(),
                        "main",
                        "",
                        slow.startupCmd(),
                        slow.mode(),
                        1,
                        false,
                        List.of(),
                        List.of(),
                        null,
                        Disclosure.USUAL,
                        Renewal.USUAL));
        try (RunningRunner runner = start()) {
            keeper.await("the reason", () -> keeper.detail(queue).contains("not ready within 1 s"));
        }
    }

    @Test
    void a_worker_that_says_why_it_cannot_start_is_heard() {
        keeper.deposit("v", "KEY", "value-in-a-start-error");
        RunningRunner.program(
                folder,
                "main.py",
                "import os\nprint('{\"status\": \"error\", \"error\": \"no model for ' + os.environ['KEY'] + '\"}')");
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py", "v"));
        try (RunningRunner runner = start()) {
            keeper.await("the reason", () -> keeper.detail(queue).contains("no model for ********"));
            assertThat(keeper.everything()).doesNotContain("value-in-a-start-error");
        }
    }

    @Test
    void a_command_that_is_not_there_is_named_in_the_log() {
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "no-such-program x"));
        RunningRunner.program(folder, "main.py", "");
        try (RunningRunner runner = start()) {
            keeper.await("the reason", () -> keeper.detail(queue).contains("exited with 127"));
            assertThat(runner.log("work")).contains("can't start 'no-such-program': No such file or directory");
        }
    }

    @Test
    void a_one_shot_worker_is_a_new_process_with_new_values_for_each_task() {
        keeper.deposit("v", "KEY", "first-value");
        FakeKeeper.Queue queue = serveOneShot("return [os.getpid(), os.environ['KEY'][::-1]]", List.of("v"));
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "ready");
            var first = Objects.requireNonNull(run(queue, "{}").result());
            keeper.deposit("v", "KEY", "second-value");
            var second = Objects.requireNonNull(run(queue, "{}").result());
            assertThat(first.get(0)).isNotEqualTo(second.get(0));
            assertThat(first.get(1).asString()).isEqualTo("eulav-tsrif");
            assertThat(second.get(1).asString()).isEqualTo("eulav-dnoces");
        }
    }

    @Test
    void the_keeper_is_told_which_grant_a_tasks_worker_has() {
        keeper.deposit("v", "KEY", "a-value-of-mine");
        FakeKeeper.Queue queue = serve("return task['payload']", "v");
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "ready");
            FakeKeeper.Task one = keeper.submit(queue, "1");
            keeper.result(one);
            FakeKeeper.Task other = keeper.submit(queue, "2");
            keeper.result(other);
            assertThat(one.grants).containsExactly(keeper.granted.getLast());
            assertThat(other.grants).as("the same worker").isEqualTo(one.grants);
        }
    }

    @Test
    void the_keeper_is_told_which_grant_a_one_shot_worker_was_started_with() {
        keeper.deposit("v", "KEY", "a-value-of-mine");
        FakeKeeper.Queue queue = serveOneShot("return task['payload']", List.of("v"));
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "ready");
            FakeKeeper.Task one = keeper.submit(queue, "1");
            keeper.result(one);
            assertThat(one.grants).containsExactly(keeper.granted.getLast());
            FakeKeeper.Task other = keeper.submit(queue, "2");
            keeper.result(other);
            assertThat(other.grants).containsExactly(keeper.granted.getLast()).isNotEqualTo(one.grants);
        }
    }

    @Test
    void a_cancelled_task_ends_its_worker_and_the_next_task_gets_another() {
        FakeKeeper.Queue queue = serve("""
                import time
                if task["payload"] == "long":
                    time.sleep(600)
                return os.getpid()""");
        try (RunningRunner runner = start()) {
            FakeKeeper.Task task = keeper.submit(queue, "\"long\"");
            keeper.await("a heartbeat", () -> task.beats > 0);
            keeper.cancel(task);
            KeeperApi.TaskResult result = keeper.result(task);
            assertThat(result.error()).isEqualTo("cancelled");
            assertThat(result.retry()).isFalse();
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
        }
    }

    @Test
    void a_restart_gives_each_worker_new_values_after_the_task_that_it_has() {
        Path go = folder.resolveSibling(folder.getFileName() + ".go");
        keeper.deposit("v", "KEY", "first-value");
        program("""
                import time
                while task["payload"] == "until told" and not os.path.exists("$GO"):
                    time.sleep(0.01)
                return os.environ["KEY"][::-1]""".replace("$GO", go.toString()));
        FakeKeeper.Queue queue = keeper.serve("work", RunningRunner.deployment(folder, "python main.py", "v"));
        try (RunningRunner runner = start()) {
            assertThat(String.valueOf(run(queue, "{}").result())).contains("eulav-tsrif");
            FakeKeeper.Task inHand = keeper.submit(queue, "\"until told\"");
            keeper.await("the task", () -> inHand.beats > 0);
            keeper.deposit("v", "KEY", "second-value");
            keeper.restart(queue);
            keeper.await("the runner, which has heard of it", () -> queue.heard == 1);
            assertThat(queue.restarted()).isZero();
            Files.writeString(go, "");
            assertThat(String.valueOf(keeper.result(inHand).result())).contains("eulav-tsrif");
            keeper.await("the restart", () -> queue.restarted() == 1);
            assertThat(String.valueOf(run(queue, "{}").result())).contains("eulav-dnoces");
            Files.delete(go);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_lost_lease_ends_the_worker_and_nothing_is_delivered() {
        FakeKeeper.Queue queue = serve("""
                import time
                if task["payload"] == "long":
                    time.sleep(600)
                return os.getpid()""");
        try (RunningRunner runner = start()) {
            FakeKeeper.Task task = keeper.submit(queue, "\"long\"");
            keeper.await("a heartbeat", () -> task.beats > 0);
            keeper.lose(task);
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
            assertThat(task.results).isEmpty();
        }
    }

    @Test
    void a_keeper_out_of_reach_ends_the_worker_before_the_lease_is_over() throws Exception {
        assertWorkerEndsWithItsLease();
    }

    @Test
    void I4_also_when_the_keepers_clock_is_an_hour_ahead() throws Exception {
        keeper.ahead = Duration.ofHours(1);
        assertWorkerEndsWithItsLease();
    }

    private void assertWorkerEndsWithItsLease() throws Exception {
        keeper.taskLease = Duration.ofSeconds(3);
        FakeKeeper.Queue queue = serve("""
                import signal, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                say({"task_id": task["task_id"], "progress": str(os.getpid())})
                time.sleep(600)""");
        try (RunningRunner runner = start()) {
            FakeKeeper.Task task = keeper.submit(queue, "{}");
            keeper.await("the process id", () -> !task.progress.isEmpty());
            ProcessHandle worker =
                    ProcessHandle.of(Long.parseLong(task.progress.getFirst())).orElseThrow();
            long began = System.nanoTime();
            keeper.set(() -> keeper.broken = true);
            worker.onExit().get();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
            keeper.set(() -> keeper.broken = false);
        }
    }

    @Test
    void stopping_lets_a_task_end_and_takes_no_other() {
        FakeKeeper.Queue queue = serve("""
                import time
                say({"task_id": task["task_id"], "progress": "begun"})
                time.sleep(1)
                return "ended\"""");
        String lease = queue.leaseId;
        RunningRunner runner = start();
        FakeKeeper.Task first = keeper.submit(queue, "{}");
        FakeKeeper.Task second = keeper.submit(queue, "{}");
        keeper.await("its begin", () -> !first.progress.isEmpty());
        runner.stop();
        assertThat(String.valueOf(keeper.result(first).result())).isEqualTo("\"ended\"");
        assertThat(second.leased).isFalse();
        assertThat(keeper.calls()).contains("DELETE /v1/serving/" + lease);
        assertThat(runner.awaitEnd()).isNull();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void a_task_that_does_not_end_in_time_is_given_back_when_the_runner_stops() {
        FakeKeeper.Queue queue = serve("""
                import time
                say({"task_id": task["task_id"], "progress": "begun"})
                time.sleep(600)""");
        var timings = RunningRunner.QUICK;
        var hasty = new dev.nightsafe.runner.workers.Timings(
                timings.poll(),
                timings.retry(),
                timings.backoffFirst(),
                timings.backoffLongest(),
                timings.consent(),
                timings.stable(),
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                timings.heartbeat(),
                timings.progress());
        RunningRunner runner = RunningRunner.start(folder, keeper, "isolation: none", hasty);
        FakeKeeper.Task task = keeper.submit(queue, "{}");
        keeper.await("its begin", () -> !task.progress.isEmpty());
        runner.stop();
        KeeperApi.TaskResult result = keeper.result(task);
        assertThat(result.outcome()).isEqualTo("given-back");
        assertThat(result.error()).contains("runner stopped");
    }

    @Test
    void several_workers_of_a_queue_work_at_once() {
        FakeKeeper.Queue queue = serve("""
                import time
                say({"task_id": task["task_id"], "progress": str(os.getpid())})
                while not os.path.exists(task["payload"]):
                    time.sleep(0.01)
                return 1""");
        try (RunningRunner runner =
                RunningRunner.start(folder, keeper, "isolation: none\nworkers: 2", RunningRunner.QUICK)) {
            FakeKeeper.Task first = keeper.submit(queue, "\"" + folder + "/go\"");
            FakeKeeper.Task second = keeper.submit(queue, "\"" + folder + "/go\"");
            keeper.await("both at work", () -> !first.progress.isEmpty() && !second.progress.isEmpty());
            assertThat(first.progress).isNotEqualTo(second.progress);
            RunningRunner.program(folder, "../go", "");
            assertThat(keeper.result(first).outcome()).isEqualTo("succeeded");
            assertThat(keeper.result(second).outcome()).isEqualTo("succeeded");
        }
    }
}
