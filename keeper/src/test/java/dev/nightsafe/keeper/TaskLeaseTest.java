package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One lease is current; what becomes of tasks whose attempts fail, end too late or are given back. */
class TaskLeaseTest extends TaskTestCase {
    @Test
    void a_waiting_runner_is_woken_by_a_submission_and_a_waiting_console_by_the_result() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<KeeperApi.TaskLease>> taken = executor.submit(() -> runner.take(lease, 1, 20_000));
            ConsoleApi.Task submitted = console.submit(queue, "1");
            Future<ConsoleApi.Task> ended = executor.submit(() -> console.task(queue, submitted.id(), 60));
            KeeperApi.TaskLease task = taken.get().getFirst();
            runner.succeed(task, "2").as(KeeperApi.Ended.class);
            assertThat(ended.get().result()).isEqualTo(json("2"));
        }
    }

    @Test
    void a_task_submitted_after_its_queue_changed_goes_only_to_a_runner_that_has_the_change() {
        String before = console.submit(queue, "1").id();
        clock.advance(Duration.ofMillis(1));
        queue = console.change(queue, deployment());
        String after = console.submit(queue, "2").id();
        assertThat(runner.take(lease, 10, 0))
                .extracting(KeeperApi.TaskLease::taskId)
                .containsExactly(before);
        assertThat(runner.take(runner.lease(), 10, 0))
                .extracting(KeeperApi.TaskLease::taskId)
                .containsExactly(after);
    }

    @Test
    void I4_of_two_runners_that_race_one_gets_the_task() throws Exception {
        RunnerRole other = runner("r2", "work");
        KeeperApi.ServingLease otherLease = other.lease();
        for (int round = 0; round < 10; round++) {
            String submitted = console.submit(queue, "1").id();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<List<KeeperApi.TaskLease>> one = executor.submit(() -> runner.take(lease, 5, 0));
                Future<List<KeeperApi.TaskLease>> two = executor.submit(() -> other.take(otherLease, 5, 0));
                List<KeeperApi.TaskLease> all = new ArrayList<>(one.get());
                all.addAll(two.get());
                assertThat(all).extracting(KeeperApi.TaskLease::taskId).containsExactly(submitted);
            }
        }
    }

    @Test
    void many_waiting_runners_get_many_tasks_once_each() throws Exception {
        int many = 20;
        List<RunnerRole> runners = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            runners.add(runner("w" + i, "work"));
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> workers = new ArrayList<>();
            for (RunnerRole worker : runners) {
                KeeperApi.ServingLease own = worker.lease();
                workers.add(executor.submit(() -> {
                    List<String> done = new ArrayList<>();
                    for (int i = 0; i < many / 5; i++) {
                        KeeperApi.TaskLease task = worker.take(own, 1, 20_000).getFirst();
                        worker.succeed(task, "1").as(KeeperApi.Ended.class);
                        done.add(task.taskId());
                    }
                    return done;
                }));
            }
            List<String> submitted = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                submitted.add(console.submit(queue, "1").id());
            }
            List<String> done = new ArrayList<>();
            for (Future<List<String>> worker : workers) {
                done.addAll(worker.get());
            }
            assertThat(done).containsExactlyInAnyOrderElementsOf(submitted);
        }
    }

    @Test
    void I4_a_lease_that_expired_puts_its_task_back_and_what_comes_under_it_is_refused() {
        String id = console.submit(queue, "1").id();
        KeeperApi.TaskLease lost = runner.takeOne(lease);
        runner.beat(lost, lost.fencing(), null).as(KeeperApi.Beat.class);
        clock.advance(Duration.ofSeconds(30));
        runner.beat(lost, lost.fencing(), null).refusedWith(ProblemCode.LEASE_LOST);
        RunnerRole other = runner("r2", "work");
        KeeperApi.TaskLease again = other.takeOne(other.lease());
        assertThat(again.taskId()).isEqualTo(id);
        assertThat(again.fencing()).isEqualTo(2);
        assertThat(again.retryCount()).isEqualTo(1);
        runner.succeed(lost, "\"too late\"").refusedWith(ProblemCode.LEASE_LOST);
        other.succeed(again, "\"right\"").as(KeeperApi.Ended.class);
        assertThat(console.task(queue, id, 0).result()).isEqualTo(json("\"right\""));
    }

    @Test
    void a_task_whose_attempts_all_expire_fails_and_says_so() {
        String id = console.submit(queue, "1", 1, 0).id();
        runner.takeOne(lease);
        clock.advance(Duration.ofSeconds(30));
        ConsoleApi.Task failed = console.task(queue, id, 20);
        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.reason()).isEqualTo("lease expired");
    }

    @Test
    void an_attempt_that_nothing_was_heard_of_doesnt_count_three_times_at_most() {
        String id = console.submit(queue, "1", 1, 1).id();
        for (int lost = 1; lost <= 3; lost++) {
            assertThat(runner.takeOne(lease).retryCount()).isZero();
            ConsoleApi.Task waiting = whenExpired(id);
            assertThat(waiting.state()).isEqualTo("pending");
            assertThat(waiting.attempt()).isZero();
        }
        assertThat(runner.takeOne(lease).retryCount()).isZero();
        assertThat(whenExpired(id).attempt()).isEqualTo(1);
        assertThat(runner.takeOne(lease).retryCount()).isEqualTo(1);
        assertThat(whenExpired(id).state()).isEqualTo("failed");
    }

    @Test
    void an_attempt_counts_whose_lease_was_renewed() {
        String id = console.submit(queue, "1", 1, 1).id();
        runner.takeOne(lease);
        whenExpired(id);
        KeeperApi.TaskLease task = runner.takeOne(lease);
        runner.beat(task, task.fencing(), null).as(KeeperApi.Beat.class);
        assertThat(whenExpired(id).attempt()).isEqualTo(1);
        assertThat(runner.takeOne(lease).retryCount()).isEqualTo(1);
    }

    /** What the sweep made of it. */
    private ConsoleApi.Task whenExpired(String id) {
        clock.advance(Duration.ofSeconds(30));
        lease = runner.lease();
        ConsoleApi.Task task = console.task(queue, id, 0);
        while (task.state().equals("running")) {
            task = console.task(queue, id, 0);
        }
        return task;
    }

    @Test
    void I4_another_fencing_number_or_another_runner_is_refused() {
        console.submit(queue, "1");
        KeeperApi.TaskLease task = runner.takeOne(lease);
        RunnerRole other = runner("r2", "work");
        other.beat(task, task.fencing(), null).refusedWith(ProblemCode.LEASE_LOST);
        other.succeed(task, "1").refusedWith(ProblemCode.LEASE_LOST);
        runner.beat(task, task.fencing() + 1, null).refusedWith(ProblemCode.LEASE_LOST);
        runner.beat(task, task.fencing() - 1, null).refusedWith(ProblemCode.LEASE_LOST);
        runner.succeed(task, "1").as(KeeperApi.Ended.class);
    }

    @Test
    void a_result_is_accepted_once() {
        String id = console.submit(queue, "1").id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        runner.succeed(task, "1").as(KeeperApi.Ended.class);
        runner.succeed(task, "2").refusedWith(ProblemCode.LEASE_LOST);
        runner.fail(task, "no", true).refusedWith(ProblemCode.LEASE_LOST);
        assertThat(console.task(queue, id, 0).result()).isEqualTo(json("1"));
    }

    @Test
    void a_failure_that_may_be_retried_waits_longer_each_time_and_then_fails() {
        String id = console.submit(queue, "1", 1, 2).id();
        for (int attempt = 1; attempt <= 2; attempt++) {
            KeeperApi.TaskLease task = runner.takeOne(lease);
            assertThat(runner.fail(task, "no luck", true)
                            .as(KeeperApi.Ended.class)
                            .state())
                    .isEqualTo("pending");
            ConsoleApi.Task waiting = console.task(queue, id, 0);
            assertThat(waiting.error()).isEqualTo("no luck");
            assertThat(waiting.reason()).contains("attempt " + (attempt + 1));
            Duration pause = Duration.ofSeconds(1L << attempt);
            clock.advance(pause.multipliedBy(3).dividedBy(4).minusMillis(1));
            assertThat(runner.take(lease, 1, 0)).isEmpty();
            clock.advance(pause.dividedBy(2).plusMillis(1));
        }
        KeeperApi.TaskLease last = runner.takeOne(lease);
        assertThat(last.retryCount()).isEqualTo(2);
        assertThat(runner.fail(last, "no luck", true).as(KeeperApi.Ended.class).state())
                .isEqualTo("failed");
    }

    @Test
    void a_waiting_runner_gets_a_retry_when_its_time_has_come() throws Exception {
        console.submit(queue, "1", 1, 2);
        runner.fail(runner.takeOne(lease), "no luck", true).as(KeeperApi.Ended.class);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<KeeperApi.TaskLease>> taken = executor.submit(() -> runner.take(lease, 1, 20_000));
            clock.advance(Duration.ofSeconds(3));
            assertThat(taken.get()).hasSize(1);
        }
    }

    @Test
    void a_failure_without_retry_is_the_end() {
        String id = console.submit(queue, "1").id();
        runner.fail(runner.takeOne(lease), "never", false).as(KeeperApi.Ended.class);
        ConsoleApi.Task failed = console.task(queue, id, 0);
        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.error()).isEqualTo("never");
    }

    @Test
    void giving_a_lease_back_puts_its_tasks_back_without_counting_the_attempt() {
        String id = console.submit(queue, "1", 1, 0).id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        runner.send("DELETE", "/v1/serving/" + lease.leaseId(), null);
        runner.succeed(task, "1").refusedWith(ProblemCode.LEASE_LOST);
        KeeperApi.TaskLease again = runner.takeOne(runner.lease());
        assertThat(again.taskId()).isEqualTo(id);
        assertThat(again.retryCount()).isZero();
        assertThat(again.fencing()).isEqualTo(2);
    }

    @Test
    void a_task_given_back_waits_with_the_reason_and_loses_no_attempt() {
        String id = console.submit(queue, "1", 1, 0).id();
        for (int round = 1; round <= 5; round++) {
            KeeperApi.TaskLease task = runner.takeOne(lease);
            assertThat(task.retryCount()).isZero();
            assertThat(task.fencing()).isEqualTo(round);
            assertThat(runner.giveBack(task, "vault 'v' is not released")
                            .as(KeeperApi.Ended.class)
                            .state())
                    .isEqualTo("pending");
            runner.succeed(task, "1").refusedWith(ProblemCode.LEASE_LOST);
            ConsoleApi.Task waiting = console.task(queue, id, 0);
            assertThat(waiting.reason()).isEqualTo("given back: vault 'v' is not released");
            assertThat(waiting.attempt()).isZero();
            assertThat(waiting.startedAt()).isNull();
            assertThat(runner.take(lease, 1, 0)).isEmpty(); // no busy loop
            clock.advance(Duration.ofSeconds(1));
        }
        runner.succeed(runner.takeOne(lease), "1").as(KeeperApi.Ended.class);
        ConsoleApi.Task done = console.task(queue, id, 0);
        assertThat(done.state()).isEqualTo("succeeded");
        assertThat(done.attempt()).isEqualTo(1);
        assertThat(done.reason()).isNull();
    }

    @Test
    void a_task_given_back_that_was_cancelled_is_cancelled() {
        String id = console.submit(queue, "1").id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        console.cancel(queue, id);
        runner.giveBack(task, "not released").as(KeeperApi.Ended.class);
        assertThat(console.task(queue, id, 0).state()).isEqualTo("cancelled");
    }

    @Test
    void a_task_is_not_given_back_without_a_reason_or_with_an_endless_one() {
        console.submit(queue, "1");
        KeeperApi.TaskLease task = runner.takeOne(lease);
        runner.result(task, new KeeperApi.TaskResult(task.fencing(), "given-back", null, null, false, null, null))
                .refusedWith(ProblemCode.BAD_REQUEST);
        runner.giveBack(task, "x".repeat(2001)).refusedWith(ProblemCode.BAD_REQUEST);
        runner.giveBack(task, "why").as(KeeperApi.Ended.class);
    }

    @Test
    void revoking_a_runner_puts_its_tasks_back() {
        String id = console.submit(queue, "1", 1, 0).id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        assertThat(console.revoke(workspace, runner.id()).state()).isEqualTo("revoked");
        runner.succeed(task, "1").refusedWith(ProblemCode.UNAUTHENTICATED);
        RunnerRole other = runner("r2", "work");
        assertThat(other.takeOne(other.lease()).taskId()).isEqualTo(id);
    }

    @Test
    void a_task_leased_under_a_queue_that_changed_may_still_end() {
        String id = console.submit(queue, "1").id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        console.change(queue, onBranch(queue.deployment(), "next"));
        runner.serving();
        runner.beat(task, task.fencing(), null).as(KeeperApi.Beat.class);
        runner.succeed(task, "1").as(KeeperApi.Ended.class);
        assertThat(console.task(queue, id, 0).state()).isEqualTo("succeeded");
    }
}
