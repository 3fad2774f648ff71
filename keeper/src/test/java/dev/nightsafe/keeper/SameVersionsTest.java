package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.core.queue.Renewal.OnChange;
import dev.nightsafe.core.queue.Renewal.Signal;
import dev.nightsafe.core.queue.Renewal.Versions;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Later attempts with the values of the first one. */
class SameVersionsTest extends KeeperTestCase {
    private ConsoleRole.Vault vault;
    private ConsoleRole.Queue queue;
    private RunnerRole runner;
    private KeeperApi.ServingLease lease;
    private String first = "";

    @BeforeEach
    void release() {
        vault = console.vault(workspace, "v");
        console.deposit(vault, "K", "first");
        serve(Versions.SAME);
    }

    private void serve(Versions versions) {
        queue = console.queue(
                workspace,
                "q-" + versions,
                deployment(vault).with(new Renewal(OnChange.NEXT_BOOTSTRAP, Signal.SIGHUP, versions)));
        console.allow(vault, queue);
        runner = runner("r1-" + versions, queue.name());
        lease = runner.lease();
        first = runner.grantId(lease, null);
    }

    @Test
    void a_retry_names_what_the_first_attempt_had_and_is_granted_that_although_newer_values_were_released() {
        KeeperApi.TaskLease retry = retryAfterNewValue();
        assertThat(retry.values()).isEqualTo(new KeeperApi.SameValues(first, List.of("v/K@1")));
        assertThat(value(first)).isEqualTo("first");
        try (GrantBundle newest = runner.grant(lease, "worker", null)) {
            assertThat(newest.entries().getFirst().version()).isEqualTo(2);
        }
        assertThat(value(first)).isEqualTo("first");
        assertThat(console.audit(workspace))
                .filteredOn(event -> "same".equals(event.details().get("versions")))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.details()).containsEntry("secrets", "v/K@1"));
    }

    @Test
    void the_first_attempt_may_have_any_values_and_so_may_each_where_the_queue_says_newest() {
        console.submit(queue, "1");
        assertThat(runner.takeOne(lease, first).values()).isNull();
        serve(Versions.NEWEST);
        assertThat(retryAfterNewValue().values()).isNull();
        ask(first).refusedWith(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_value_that_was_forgotten_or_expired_or_is_no_longer_asked_for_is_not_to_be_had() {
        retryAfterNewValue();
        console.sql("UPDATE secret_version SET expires_at = 1 WHERE vault_id = ?", vault.id());
        ask(first).refusedWith(ProblemCode.VERSIONS_GONE);
        console.sql("UPDATE secret_version SET expires_at = 0 WHERE vault_id = ?", vault.id());
        assertThat(value(first)).isEqualTo("first");
        console.sql("UPDATE secret_version SET box = NULL, state = 'forgotten' WHERE vault_id = ?", vault.id());
        ask(first).refusedWith(ProblemCode.VERSIONS_GONE);
    }

    @Test
    void older_values_are_for_who_has_the_task_and_by_the_rules_of_today() {
        ask(first).refusedWith(ProblemCode.BAD_REQUEST); // no task is in hand
        KeeperApi.TaskLease retry = retryAfterNewValue();
        RunnerRole other = runner("r2", queue.name());
        KeeperApi.ServingLease others = other.lease();
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            other.ask(others, other.requestForValuesOf(others, first, oneTime)).refusedWith(ProblemCode.BAD_REQUEST);
        }
        ask("another-grant").refusedWith(ProblemCode.BAD_REQUEST);
        console.disallow(vault);
        ask(first).refusedWith(ProblemCode.NOT_RELEASED);
        console.allow(vault, queue);
        assertThat(value(first)).isEqualTo("first");
        runner.succeed(retry, "1").as(KeeperApi.Ended.class);
        ask(first).refusedWith(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_worker_that_was_started_for_the_first_attempt_counts() {
        console.submit(queue, "1");
        KeeperApi.TaskLease task = runner.takeOne(lease, first);
        console.deposit(vault, "K", "second");
        String second = runner.grantId(lease, null);
        runner.send(
                        "POST",
                        "/v1/task-leases/" + task.leaseId() + "/heartbeat",
                        new KeeperApi.Heartbeat(task.fencing(), null, second))
                .as(KeeperApi.Beat.class);
        runner.fail(task, "not yet", true).as(KeeperApi.Ended.class);
        clock.advance(Duration.ofSeconds(3));
        assertThat(runner.takeOne(lease, first).values()).isEqualTo(new KeeperApi.SameValues(second, List.of("v/K@2")));
    }

    @Test
    void a_runner_that_names_another_runners_grant_for_its_attempt_ties_nothing_to_it() {
        RunnerRole other = runner("r2", queue.name());
        String others = other.grantId(other.lease(), null);
        console.submit(queue, "1");
        KeeperApi.TaskLease task = runner.takeOne(lease, others);
        ask(others).refusedWith(ProblemCode.BAD_REQUEST);
        runner.fail(task, "not yet", true).as(KeeperApi.Ended.class);
        clock.advance(Duration.ofSeconds(3));
        assertThat(runner.takeOne(lease, first).values()).isNull();
    }

    @Test
    void a_result_is_not_taken_while_it_can_not_be_told_what_the_next_task_must_be_done_with() {
        String retried = console.submit(queue, "1").id();
        runner.fail(runner.takeOne(lease, first), "not yet", true).as(KeeperApi.Ended.class);
        String done = console.submit(queue, "2").id();
        KeeperApi.TaskLease task = runner.takeOne(lease, first);
        assertThat(task.taskId()).isEqualTo(done);
        clock.advance(Duration.ofSeconds(3));
        KeeperApi.Room room = runner.room(lease, null);
        keeperSql("ALTER TABLE version_set RENAME TO gone");
        assertThatThrownBy(() -> runner.succeedAndTake(task, room)).isInstanceOf(AssertionError.class);
        keeperSql("ALTER TABLE gone RENAME TO version_set");
        assertThat(console.task(queue, done, 0).state()).isEqualTo("running");
        KeeperApi.TaskLease next = Objects.requireNonNull(
                runner.succeedAndTake(task, runner.room(lease, null)).next());
        assertThat(next.taskId()).isEqualTo(retried);
        assertThat(next.values()).isEqualTo(new KeeperApi.SameValues(first, List.of("v/K@1")));
    }

    /** The second attempt at a task, whose first one had the first value. */
    private KeeperApi.TaskLease retryAfterNewValue() {
        ConsoleApi.Task task = console.submit(queue, "1");
        runner.fail(runner.takeOne(lease, first), "not yet", true).as(KeeperApi.Ended.class);
        console.deposit(vault, "K", "second");
        String newest = runner.grantId(lease, null);
        clock.advance(Duration.ofSeconds(3));
        KeeperApi.TaskLease retry = runner.takeOne(lease, newest);
        assertThat(retry.taskId()).isEqualTo(task.id());
        return retry;
    }

    private Wire.Answer ask(String grant) {
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            return runner.ask(lease, runner.requestForValuesOf(lease, grant, oneTime));
        }
    }

    private String value(String grant) {
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            KeeperApi.GrantRequest request = runner.requestForValuesOf(lease, grant, oneTime);
            KeeperApi.Grant given = runner.ask(lease, request).as(KeeperApi.Grant.class);
            try (GrantBundle bundle = runner.open(lease, request, given, oneTime)) {
                assertThat(bundle.entries()).hasSize(1);
                return bundle.entries().getFirst().value().exposing(bytes -> new String(bytes, StandardCharsets.UTF_8));
            }
        }
    }
}
