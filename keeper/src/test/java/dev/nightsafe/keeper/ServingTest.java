package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.core.queue.Renewal.OnChange;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ServingTest extends KeeperTestCase {
    private static final long LONG = 20_000;

    @Test
    void a_runner_is_leased_the_queues_of_its_workspace_that_it_is_enrolled_for() {
        console.queue(workspace, "a", deployment());
        console.queue(workspace, "b", deployment());
        console.queue(console.workspace("not-ours"), "a", deployment());
        assertThat(runner("r1", "a").serving().leases())
                .extracting(KeeperApi.ServingLease::queue)
                .containsExactly("a");
        assertThat(runner("r2", "*").serving().leases())
                .extracting(KeeperApi.ServingLease::queue)
                .containsExactly("a", "b");
        assertThat(runner("r3", "A").serving().leases()).isEmpty();
    }

    @Test
    void a_lease_says_where_and_until_when_and_its_fencing_number_is_the_queues_revision() {
        ConsoleRole.Queue queue = console.queue(workspace, "a", deployment());
        KeeperApi.ServingLease lease = runner("r1", "a").lease();
        assertThat(lease.workspaceId()).isEqualTo(workspace);
        assertThat(lease.site()).isEqualTo("home");
        assertThat(lease.queueId()).isEqualTo(queue.id());
        assertThat(lease.fencing()).isEqualTo(1);
        assertThat(lease.expiresAt()).isEqualTo(clock.millis() + 60_000);
    }

    @Test
    void a_detail_that_is_too_long_is_cut_and_costs_no_lease() {
        console.queue(workspace, "a", deployment());
        RunnerRole runner = runner("r1", "a");
        String lease = runner.lease().leaseId();
        KeeperApi.Serving serving = runner.serving("", 0, new KeeperApi.HeldLease(lease, "degraded", "x".repeat(5000)));
        assertThat(serving.leases()).extracting(KeeperApi.ServingLease::leaseId).containsExactly(lease);
        assertThat(shown(runner).serving())
                .singleElement()
                .satisfies(shown -> assertThat(shown.detail()).hasSize(2000).endsWith("x…"));
    }

    @Test
    void asking_again_renews_the_same_lease() {
        console.queue(workspace, "a", deployment());
        RunnerRole runner = runner("r1", "a");
        KeeperApi.Serving first = runner.serving();
        clock.advance(Duration.ofSeconds(40));
        KeeperApi.Serving second = runner.serving(first.revision(), 1);
        assertThat(second.revision()).isEqualTo(first.revision());
        assertThat(second.leases().getFirst().leaseId())
                .isEqualTo(first.leases().getFirst().leaseId());
        assertThat(second.leases().getFirst().expiresAt()).isEqualTo(clock.millis() + 60_000);
    }

    @Test
    void a_restart_is_told_to_one_runner_after_the_other() throws Exception {
        ConsoleRole.Queue queue = console.queue(workspace, "a", deployment());
        RunnerRole first = runner("r1", "a");
        RunnerRole second = runner("r2", "a");
        RunnerRole refusing = runner("r3", "a");
        String one = first.lease().leaseId();
        KeeperApi.Serving other = second.serving();
        String two = other.leases().getFirst().leaseId();
        refusing.serving("", 0, new KeeperApi.HeldLease(refusing.lease().leaseId(), "refused", "no"));
        assertThat(other.restarts()).isEmpty();
        assertThat(restart(queue).serving())
                .extracting(runner -> runner.runner() + " " + runner.restarting())
                .containsExactlyInAnyOrder("r1 true", "r2 true", "r3 false");
        KeeperApi.Serving told = first.serving();
        assertThat(told.restarts()).containsExactly(new KeeperApi.Restart(one, 1));
        assertThat(told.revision()).isNotEqualTo(other.revision());
        assertThat(second.serving().restarts()).as("it is not its turn").isEmpty();
        assertThat(refusing.serving().restarts()).hasSizeLessThanOrEqualTo(1);
        KeeperApi.Serving next = whileWaiting(
                second, other, () -> first.serving("", 0, new KeeperApi.HeldLease(one, "ready", null, 1L)));
        assertThat(next.restarts()).containsExactly(new KeeperApi.Restart(two, 1));
        assertThat(first.serving().restarts()).isEmpty();
        assertThat(activity(queue).serving())
                .filteredOn(runner -> !runner.runner().equals("r3"))
                .extracting(runner -> runner.runner() + " " + runner.restarting())
                .containsExactlyInAnyOrder("r1 false", "r2 true");
        assertThat(second.serving("", 0, new KeeperApi.HeldLease(two, "ready", null, 9L))
                        .restarts())
                .isEmpty();
        assertThat(activity(queue).serving()).noneMatch(ConsoleApi.ServingRunner::restarting);
        assertThat(console.audit(workspace))
                .filteredOn(event -> event.action().equals("queue.restart"))
                .singleElement()
                .satisfies(event -> assertThat(event.actor()).isEqualTo(ConsoleRole.ACTOR));
    }

    @Test
    void a_runner_that_goes_away_in_a_restart_holds_nobody_up_and_a_new_lease_needs_none() {
        ConsoleRole.Queue queue = console.queue(workspace, "a", deployment());
        RunnerRole first = runner("r1", "a");
        RunnerRole second = runner("r2", "a");
        first.lease();
        clock.advance(Duration.ofSeconds(40));
        second.lease();
        restart(queue);
        assertThat(first.serving().restarts()).hasSize(1);
        clock.advance(Duration.ofSeconds(40));
        second.lease();
        clock.advance(Duration.ofSeconds(30));
        assertThat(second.serving().restarts()).hasSize(1);
        assertThat(first.serving().restarts()).as("its lease is a new one").isEmpty();
    }

    private ConsoleApi.QueueActivity restart(ConsoleRole.Queue queue) {
        return console.keeper()
                .send(
                        "POST",
                        "/internal/v1/queues/" + queue.id() + "/restart",
                        new InternalApi.AskedOfQueue(workspace, queue.name(), ConsoleRole.ACTOR),
                        null)
                .as(ConsoleApi.QueueActivity.class);
    }

    private ConsoleApi.QueueActivity activity(ConsoleRole.Queue queue) {
        return console.keeper()
                .send(
                        "GET",
                        "/internal/v1/queues/" + queue.id() + "?workspaceId=" + workspace + "&name=" + queue.name(),
                        null,
                        null)
                .as(ConsoleApi.QueueActivity.class);
    }

    @Test
    void a_lease_that_expired_is_replaced() {
        console.queue(workspace, "a", deployment());
        RunnerRole runner = runner("r1", "a");
        KeeperApi.ServingLease first = runner.lease();
        clock.advance(Duration.ofSeconds(60));
        assertThat(runner.lease().leaseId()).isNotEqualTo(first.leaseId());
    }

    @Test
    void a_changed_queue_replaces_its_lease_and_ends_the_wait() throws Exception {
        ConsoleRole.Queue queue = console.queue(workspace, "a", deployment());
        RunnerRole runner = runner("r1", "a");
        KeeperApi.Serving first = runner.serving();
        KeeperApi.Serving second =
                whileWaiting(runner, first, () -> console.change(queue, onBranch(queue.deployment(), "next")));
        KeeperApi.ServingLease lease = second.leases().getFirst();
        assertThat(lease.fencing()).isEqualTo(2);
        assertThat(lease.leaseId()).isNotEqualTo(first.leases().getFirst().leaseId());
        runner.askForTasks(first.leases().getFirst(), 1, 0).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void a_new_value_ends_the_wait_of_those_whose_workers_hear_of_it_also_when_no_console_said_so() throws Exception {
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.deposit(vault, "KEY", "one");
        console.queue(workspace, "a", deployment(vault).with(new Renewal(OnChange.RESTART)));
        console.queue(workspace, "b", deployment(vault));
        RunnerRole runner = runner("r1", "a");
        KeeperApi.Serving first = runner.serving();
        KeeperApi.Serving second = whileWaiting(runner, first, () -> console.deposit(vault, "KEY", "two"));
        assertThat(second.leases().getFirst().leaseId())
                .isEqualTo(first.leases().getFirst().leaseId());
        assertThat(second.values()).singleElement().satisfies(values -> {
            assertThat(values.leaseId()).isEqualTo(second.leases().getFirst().leaseId());
            assertThat(first.values()).doesNotContain(values);
        });
        console.deposit(vault, "with-dash", "no variable");
        assertThat(runner.serving().revision()).isEqualTo(second.revision());
        assertThat(runner("r2", "b").serving().values())
                .as("its workers don't hear of it")
                .isEmpty();
    }

    @Test
    void a_new_queue_and_a_deleted_one_end_the_wait() throws Exception {
        RunnerRole runner = runner("r1", "*");
        KeeperApi.Serving none = runner.serving();
        assertThat(none.leases()).isEmpty();
        ConsoleRole.Queue[] queue = new ConsoleRole.Queue[1];
        KeeperApi.Serving one =
                whileWaiting(runner, none, () -> queue[0] = console.queue(workspace, "a", deployment()));
        assertThat(one.leases()).hasSize(1);
        KeeperApi.Serving gone = whileWaiting(runner, one, () -> console.delete(queue[0]));
        assertThat(gone.leases()).isEmpty();
        runner.askForTasks(one.leases().getFirst(), 1, 0).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void a_wait_without_news_ends_after_its_time_and_renews() {
        console.queue(workspace, "a", deployment());
        RunnerRole runner = runner("r1", "a");
        KeeperApi.Serving first = runner.serving();
        long before = System.nanoTime();
        KeeperApi.Serving second = runner.serving(first.revision(), 300);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(second.revision()).isEqualTo(first.revision());
    }

    @Test
    void what_a_runner_says_of_its_workers_is_shown() {
        console.queue(workspace, "a", deployment());
        RunnerRole runner = runner("r1", "a");
        KeeperApi.Serving serving = runner.serving();
        String lease = serving.leases().getFirst().leaseId();
        assertThat(shown(runner).serving())
                .extracting(ConsoleApi.Serving::state)
                .containsExactly("starting");
        runner.serving(serving.revision(), 1, new KeeperApi.HeldLease(lease, "degraded", "worker exited with 1"));
        assertThat(shown(runner).serving())
                .containsExactly(new ConsoleApi.Serving("a", "degraded", "worker exited with 1"));
        assertThat(shown(runner).state()).isEqualTo("online");
        clock.advance(Duration.ofSeconds(61));
        assertThat(shown(runner).state()).isEqualTo("offline");
        assertThat(shown(runner).serving()).isEmpty();
    }

    @Test
    void an_unknown_state_or_isolation_is_a_bad_request() {
        RunnerRole runner = runner("r1", "a");
        runner.send(
                        "POST",
                        "/v1/serving",
                        new KeeperApi.ServingRequest(
                                List.of(new KeeperApi.HeldLease("x", "great", null)), "", 0, "none"))
                .refusedWith(ProblemCode.BAD_REQUEST);
        runner.send("POST", "/v1/serving", new KeeperApi.ServingRequest(List.of(), "", 0, "magic"))
                .refusedWith(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_lease_is_given_back_by_its_runner_only() {
        console.queue(workspace, "a", deployment());
        RunnerRole runner = runner("r1", "a");
        KeeperApi.ServingLease lease = runner.lease();
        runner("r2", "a").send("DELETE", "/v1/serving/" + lease.leaseId(), null).refusedWith(ProblemCode.LEASE_LOST);
        assertThat(runner.send("DELETE", "/v1/serving/" + lease.leaseId(), null).status())
                .isEqualTo(204);
        runner.askForTasks(lease, 1, 0).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void revoking_ends_a_waiting_poll_at_once() throws Exception {
        console.queue(workspace, "a", deployment());
        RunnerRole runner = runner("r1", "a");
        KeeperApi.Serving first = runner.serving();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Wire.Answer> poll = executor.submit(() -> runner.send(
                    "POST", "/v1/serving", new KeeperApi.ServingRequest(List.of(), first.revision(), LONG, "none")));
            long before = System.nanoTime();
            console.revoke(workspace, runner.id());
            poll.get().refusedWith(ProblemCode.UNAUTHENTICATED);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    private ConsoleApi.Runner shown(RunnerRole runner) {
        return console.keeper()
                .send("GET", "/internal/v1/runners/" + runner.id() + "?workspaceId=" + workspace, null, null)
                .as(ConsoleApi.Runner.class);
    }

    /** What a poll answers that waited while something happened. */
    private KeeperApi.Serving whileWaiting(RunnerRole runner, KeeperApi.Serving known, Runnable happens)
            throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<KeeperApi.Serving> poll = executor.submit(() -> runner.serving(known.revision(), LONG));
            happens.run();
            long before = System.nanoTime();
            KeeperApi.Serving serving = poll.get();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            return serving;
        }
    }
}
