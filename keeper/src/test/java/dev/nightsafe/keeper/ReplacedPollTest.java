package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Polls that wait although what they wait for is no more theirs. */
class ReplacedPollTest extends TaskTestCase {
    /** The keeper finds nothing by itself here. */
    @Override
    Duration tick() {
        return Duration.ofHours(1);
    }

    @Test
    void a_poll_whose_lease_was_replaced_passes_its_wake_up_on() throws Exception {
        ConsoleRole.Queue second = console.queue(workspace, "second", deployment());
        RunnerRole other = runner("r2", "*");
        List<KeeperApi.Room> rooms = other.serving().leases().stream()
                .map(each -> other.room(each, null))
                .toList();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> replaced =
                    executor.submit(() -> runner.askForTasks(lease, 1, 20_000).refusedWith(ProblemCode.LEASE_LOST));
            awaitPoll("queue:" + queue.id());
            keeperSql("DELETE FROM serving_lease WHERE id = '" + lease.leaseId() + "'");
            Future<List<KeeperApi.TaskLease>> waiting =
                    executor.submit(() -> other.taken(other.askForTasks(rooms, 2, 20_000)));
            awaitPoll("queue:" + second.id());
            String task = console.submit(queue, "1").id();
            long before = System.nanoTime();
            assertThat(waiting.get()).extracting(KeeperApi.TaskLease::taskId).containsExactly(task);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
            replaced.get();
        }
    }

    @Test
    void a_runner_that_comes_back_ends_its_poll_for_what_to_serve_whose_connection_may_be_cut() throws Exception {
        String known = runner.serving().revision();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<KeeperApi.Serving> cut = executor.submit(() -> runner.serving(known, 30_000, held("starting")));
            awaitPoll("queues of " + workspace);
            long before = System.nanoTime();
            while (!cut.isDone()) { // it may be on its way to its place
                runner.serving(known, 1, held("ready"));
            }
            assertThat(cut.get().revision()).isEqualTo(known);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        }
        assertThat(keeperRow("SELECT state FROM serving_lease WHERE id = '" + lease.leaseId() + "'"))
                .contains("ready");
    }

    private KeeperApi.HeldLease held(String state) {
        return new KeeperApi.HeldLease(lease.leaseId(), state, null, null);
    }

    private void awaitPoll(String key) {
        while (!keeper.waitedFor().contains(key)) {
            Thread.onSpinWait();
        }
    }
}
