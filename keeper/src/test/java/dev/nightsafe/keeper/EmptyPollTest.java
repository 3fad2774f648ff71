package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A poll that found nothing is remembered for a moment, and nobody gets a task later, or loses a lease later, than that. */
class EmptyPollTest extends TaskTestCase {
    /** As long as an empty answer is remembered. */
    private static final Duration MOMENT = Duration.ofMillis(250);

    /** The keeper finds nothing by itself here. */
    @Override
    Duration tick() {
        return Duration.ofHours(1);
    }

    @Test
    void a_task_submitted_right_after_an_empty_answer_is_taken_at_once() {
        for (int round = 0; round < 3; round++) {
            assertThat(runner.take(lease, 1, 0)).isEmpty();
            String task = console.submit(queue, "1").id();
            assertThat(runner.take(lease, 1, 0))
                    .extracting(KeeperApi.TaskLease::taskId)
                    .containsExactly(task);
        }
    }

    @Test
    void for_a_moment_it_is_answered_without_the_database() {
        assertThat(runner.take(lease, 1, 0)).isEmpty();
        keeperSql("DELETE FROM serving_lease WHERE id = '" + lease.leaseId() + "'");
        clock.advance(MOMENT.minusMillis(1));
        assertThat(runner.take(lease, 1, 0)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        runner.askForTasks(lease, 1, 0).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void a_runner_that_another_keeper_revoked_hears_of_it_a_moment_later() {
        assertThat(runner.take(lease, 1, 0)).isEmpty();
        keeperSql("UPDATE runner SET revoked_at = 1 WHERE id = '" + runner.id() + "'");
        clock.advance(MOMENT);
        runner.askForTasks(lease, 1, 0).refusedWith(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void a_lease_that_expires_is_lost_a_moment_later() {
        clock.advance(Duration.ofSeconds(60).minusMillis(1));
        assertThat(runner.take(lease, 1, 0)).isEmpty();
        clock.advance(MOMENT);
        runner.askForTasks(lease, 1, 0).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void a_retry_that_falls_due_is_found_a_moment_later() {
        String task = console.submit(queue, "1").id();
        runner.fail(runner.takeOne(lease), "once more", true).as(KeeperApi.Ended.class);
        clock.advance(Duration.ofMillis(1500).minusMillis(1)); // 2 s, a quarter less or more
        assertThat(runner.take(lease, 1, 0)).isEmpty();
        clock.advance(Duration.ofMillis(1001));
        assertThat(runner.take(lease, 1, 0))
                .extracting(KeeperApi.TaskLease::taskId)
                .containsExactly(task);
    }

    @Test
    void what_was_found_for_one_lease_or_runner_says_nothing_of_another() {
        ConsoleRole.Queue second = console.queue(workspace, "second", deployment());
        RunnerRole both = runner("r2", "*");
        KeeperApi.ServingLease other = both.lease("second");
        console.submit(second, "1");
        assertThat(both.take(both.lease("work"), 1, 0)).isEmpty();
        runner.askForTasks(other, 1, 0).refusedWith(ProblemCode.LEASE_LOST);
        assertThat(both.take(other, 1, 0)).hasSize(1);
    }
}
