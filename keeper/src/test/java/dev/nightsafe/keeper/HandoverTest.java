package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Tasks that are made while polls wait for them. */
class HandoverTest extends TaskTestCase {
    /** The keeper finds nothing by itself here. */
    @Override
    Duration tick() {
        return Duration.ofHours(1);
    }

    @Test
    void a_poll_that_waits_has_its_task_from_the_commit_that_makes_it() throws Exception {
        int before = 0;
        for (int round = 0; round < 20; round++) {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<List<KeeperApi.TaskLease>> poll = executor.submit(() -> runner.take(lease, 1, 20_000));
                awaitPoll();
                String task = console.submit(queue, "1").id();
                String state = keeperRow("SELECT state FROM task WHERE id = '" + task + "'")
                        .orElseThrow();
                before += state.contains("running") ? 1 : 0;
                assertThat(poll.get()).extracting(KeeperApi.TaskLease::taskId).containsExactly(task);
            }
        }
        assertThat(before).as("leased when its submission was answered").isGreaterThan(15);
    }

    @Test
    void each_of_many_goes_to_one_of_the_polls_that_come_and_go() throws Exception {
        int tasks = 150;
        RunnerRole other = runner("r2", "work");
        KeeperApi.ServingLease others = other.lease();
        List<String> taken = new CopyOnWriteArrayList<>();
        List<Callable<Void>> polls = List.of(
                () -> pollUntil(tasks, taken, runner, lease),
                () -> pollUntil(tasks, taken, other, others),
                () -> pollUntil(tasks, taken, other, others));
        List<String> submitted = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = polls.stream().map(executor::submit).toList();
            for (int i = 0; i < tasks; i++) {
                submitted.add(console.submit(queue, "1").id());
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(
                        ThreadLocalRandom.current().nextInt(4000)));
            }
            for (Future<Void> poll : running) {
                poll.get();
            }
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(submitted);
    }

    @Test
    void a_poll_whose_task_cannot_be_leased_keeps_nobody_from_submitting_it() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Wire.Answer> poll = executor.submit(() -> runner.askForTasks(lease, 1, 20_000));
            awaitPoll();
            leasesFail().forEach(this::keeperSql);
            String task = console.submit(queue, "1").id();
            assertThat(poll.get().status()).isGreaterThanOrEqualTo(500);
            keeperSql("DROP TRIGGER no_lease" + onTable());
            assertThat(runner.take(lease, 1, 0))
                    .extracting(KeeperApi.TaskLease::taskId)
                    .containsExactly(task);
        }
    }

    /** Statements after which no task can be leased. */
    List<String> leasesFail() {
        return List.of("CREATE TRIGGER no_lease BEFORE UPDATE ON task BEGIN SELECT RAISE(ABORT, 'no lease'); END");
    }

    /** As PostgreSQL names a trigger. */
    String onTable() {
        return "";
    }

    private Void pollUntil(int tasks, List<String> taken, RunnerRole by, KeeperApi.ServingLease under) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (taken.size() < tasks && System.nanoTime() < end) { // by then one is lost
            int wait = ThreadLocalRandom.current().nextInt(1, 6);
            by.take(under, 1, wait).forEach(each -> taken.add(each.taskId()));
        }
        return null;
    }

    private void awaitPoll() {
        while (!keeper.waitedFor().contains("queue:" + queue.id())) {
            Thread.onSpinWait();
        }
    }
}
