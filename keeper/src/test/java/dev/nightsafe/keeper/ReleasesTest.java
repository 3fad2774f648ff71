package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is hit when a value leaked. */
class ReleasesTest extends KeeperTestCase {
    private ConsoleRole.Vault vault;
    private ConsoleRole.Queue queue;
    private RunnerRole runner;

    @BeforeEach
    void release() {
        vault = console.vault(workspace, "v");
        console.deposit(vault, "K", "first");
        queue = console.queue(workspace, "q", deployment(vault));
        console.allow(vault, queue);
        runner = runner("r1", "q");
    }

    @Test
    void each_attempt_is_told_with_version_site_runner_and_commit_and_a_retry_with_what_it_had() {
        KeeperApi.ServingLease lease = runner.lease();
        String before = runner.grantId(lease, COMMIT);
        String id = console.submit(queue, "1").id();
        runner.fail(runner.takeOne(lease, before), "not yet", true).as(KeeperApi.Ended.class);
        console.deposit(vault, "K", "second");
        String after = runner.grantId(lease, COMMIT);
        clock.advance(Duration.ofSeconds(3));
        runner.succeed(runner.takeOne(lease, after), "1").as(KeeperApi.Ended.class);

        List<ConsoleApi.Release> all = releases("");
        assertThat(all).extracting(ConsoleApi.Release::grant).containsExactly(after, before);
        assertThat(all).extracting(ConsoleApi.Release::version).containsExactly(2L, 1L);
        ConsoleApi.Release first = all.getLast();
        assertThat(List.of(
                        first.queue(), first.site(), first.runner(), first.runnerId(), String.valueOf(first.commit())))
                .containsExactly("q", "home", "r1", runner.id(), COMMIT);
        assertThat(first.attempts()).isEqualTo(1);
        assertThat(first.tasks()).singleElement().satisfies(attempt -> {
            assertThat(attempt.task()).isEqualTo(id);
            assertThat(attempt.attempt()).isEqualTo(1);
        });
        assertThat(all.getFirst().tasks())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.attempt()).isEqualTo(2));

        assertThat(releases("&version=1")).containsExactly(first);
        assertThat(releases("&limit=1")).containsExactly(all.getFirst());
        assertThat(releases("&limit=1&before=" + after)).containsExactly(first);
        assertThat(releases("&version=3")).isEmpty();
    }

    @Test
    void a_worker_that_was_started_for_the_task_is_recorded_before_it_gets_it() {
        KeeperApi.ServingLease lease = runner.lease();
        console.submit(queue, "1");
        KeeperApi.TaskLease task = runner.takeOne(lease);
        String grant = runner.grantId(lease, COMMIT);
        runner.send(
                        "POST",
                        "/v1/task-leases/" + task.leaseId() + "/heartbeat",
                        new KeeperApi.Heartbeat(task.fencing(), null, grant))
                .as(KeeperApi.Beat.class);
        runner.beat(task, task.fencing(), "half").as(KeeperApi.Beat.class);
        assertThat(releases("").getFirst().attempts()).isEqualTo(1);
    }

    @Test
    void a_runner_ties_its_tasks_to_no_grant_of_another_runner_or_queue() {
        RunnerRole other = runner("r2", "q");
        String others = other.grantId(other.lease(), COMMIT);
        console.submit(queue, "1");
        runner.takeOne(runner.lease(), others);
        assertThat(releases("")).allMatch(release -> release.tasks().isEmpty());
    }

    @Test
    void I6_another_workspace_is_told_nothing() {
        runner.grantId(runner.lease(), COMMIT);
        assertThat(releases("")).hasSize(1);
        workspace = console.workspace("elsewhere-" + workspace);
        assertThat(releases("")).isEmpty();
    }

    @Test
    void attempts_are_forgotten_after_ninety_days_and_grants_are_not() {
        KeeperApi.ServingLease lease = runner.lease();
        console.submit(queue, "1");
        runner.takeOne(lease, runner.grantId(lease, COMMIT));
        clock.advance(Duration.ofDays(91));
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (releases("").getFirst().attempts() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(releases("").getFirst().attempts()).isZero();
        assertThat(releases("").getFirst().tasks()).isEmpty();
    }

    private List<ConsoleApi.Release> releases(String query) {
        return console.keeper()
                .send(
                        "GET",
                        "/internal/v1/vaults/" + vault.id() + "/releases?workspaceId=" + workspace + "&key=K" + query,
                        null,
                        null)
                .as(Found.class)
                .items();
    }

    private record Found(List<ConsoleApi.Release> items) {}
}
