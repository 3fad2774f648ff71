package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One poll for the tasks of all queues that a runner serves. */
@Tag("slow")
class TaskPollTest extends RunnerTestCase {
    @Test
    void ten_queues_of_an_idle_runner_are_one_open_request() {
        List<FakeKeeper.Queue> queues = serveMany(10);
        try (RunningRunner runner = start()) {
            queues.forEach(queue -> keeper.awaitState(queue, "ready"));
            keeper.await("one poll for all", () -> keeper.openPolls == 1 && keeper.offered == 10);
            for (FakeKeeper.Queue queue : queues) {
                assertThat(run(queue, "1").outcome()).isEqualTo("succeeded");
            }
            keeper.await("one poll for all again", () -> keeper.openPolls == 1 && keeper.offered == 10);
        }
    }

    @Test
    void a_bound_over_all_queues_holds_and_each_gets_its_turn() {
        List<FakeKeeper.Queue> queues = serveMany(3);
        List<FakeKeeper.Task> tasks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            tasks.add(keeper.submit(queues.get(i % 3), "1"));
        }
        try (RunningRunner runner =
                RunningRunner.start(folder, keeper, "isolation: none\nworkers: 2\nmax-tasks: 2", RunningRunner.QUICK)) {
            tasks.forEach(task -> assertThat(keeper.result(task).outcome()).isEqualTo("succeeded"));
            assertThat(keeper.mostLeased).isEqualTo(2);
            keeper.await("room again", () -> keeper.openPolls == 1 && keeper.offered == 6);
        }
    }

    @Test
    void a_slow_worker_of_one_queue_does_not_hold_up_the_others() throws Exception {
        FakeKeeper.Queue slow = keeper.serve("slow", RunningRunner.deployment(folder, "python main.py"));
        FakeKeeper.Queue quick = keeper.serve("quick", RunningRunner.deployment(folder, "python main.py"));
        program("""
                import time
                while task['queue'] == 'slow' and not os.path.exists('%s/end'): time.sleep(0.01)
                return 1""".formatted(folder));
        try (RunningRunner runner = start()) {
            FakeKeeper.Task long1 = keeper.submit(slow, "1");
            keeper.await("the slow task", () -> long1.leased);
            for (int i = 0; i < 3; i++) {
                assertThat(run(quick, "1").outcome()).isEqualTo("succeeded");
            }
            assertThat(long1.results).isEmpty();
            Files.createFile(folder.resolve("end"));
            assertThat(keeper.result(long1).outcome()).isEqualTo("succeeded");
        }
    }

    @Test
    void a_task_under_a_lease_that_the_runner_has_no_more_is_given_back() {
        FakeKeeper.Queue queue = serve("return 1");
        FakeKeeper.Queue other = keeper.serve("other", RunningRunner.deployment(folder, "python main.py"));
        try (RunningRunner runner = start()) {
            keeper.await("both", () -> keeper.openPolls == 1 && keeper.offered == 2);
            String lease = queue.leaseId;
            keeper.set(() -> keeper.holdTaskAnswers = true);
            FakeKeeper.Task late = keeper.submit(queue, "1");
            keeper.await("the lease", () -> late.leased);
            keeper.remove(queue);
            keeper.await("the serving lease given back", () -> keeper.calls().contains("DELETE /v1/serving/" + lease));
            keeper.set(() -> keeper.holdTaskAnswers = false);
            assertThat(keeper.result(late).outcome()).isEqualTo("given-back");
            assertThat(run(other, "1").outcome()).isEqualTo("succeeded");
        }
    }

    @Test
    void a_worker_whose_task_got_lost_on_its_way_gets_another() {
        FakeKeeper.Queue queue = serve("return 1");
        keeper.set(() -> keeper.loseTaskAnswers = 1);
        FakeKeeper.Task lost = keeper.submit(queue, "1");
        try (RunningRunner runner = start()) {
            keeper.await("the lost one", () -> lost.leased);
            KeeperApi.TaskResult result = run(queue, "1");
            assertThat(result.outcome()).isEqualTo("succeeded");
            assertThat(lost.results).isEmpty();
        }
    }

    private List<FakeKeeper.Queue> serveMany(int count) {
        program("return 1");
        return Stream.iterate(1, i -> i + 1)
                .limit(count)
                .map(i -> keeper.serve("queue-" + i, RunningRunner.deployment(folder, "python main.py")))
                .toList();
    }
}
