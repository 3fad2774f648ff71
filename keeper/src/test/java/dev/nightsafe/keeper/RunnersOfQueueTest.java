package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the keeper knows of the runners of a queue, for {@code queue check}. */
class RunnersOfQueueTest extends KeeperTestCase {
    private record Runners(List<InternalApi.RunnerOfQueue> items) {}

    private ConsoleRole.Vault vault;
    private ConsoleRole.Vault single;
    private ConsoleRole.Queue queue;

    @BeforeEach
    void makeQueue() {
        vault = console.vault(workspace, "v");
        single = console.vault(workspace, "s");
        console.deposit(vault, "A", "1");
        console.deposit(vault, "no.variable", "1");
        console.deposit(single, "KEY", "1");
        console.deposit(single, "OTHER", "1");
        queue = console.queue(
                workspace,
                "q",
                deployment(
                        List.of(vault),
                        List.of(new Deployment.SecretRef(single.key("KEY"), Deployment.As.ENV, "KEY")),
                        null));
        console.allow(vault, queue);
        console.allow(single, queue);
    }

    @Test
    void enrolled_runners_are_told_with_their_state() {
        RunnerRole serving = runner("b-serving", "q");
        runner("a-offline", "*");
        runner("other", "another-queue");
        console.revoke(workspace, runner("revoked", "q").id());
        KeeperApi.ServingLease lease = serving.lease();
        serving.serving("", 0, new KeeperApi.HeldLease(lease.leaseId(), "refused", "add it to allow.git"));
        assertThat(runners(workspace))
                .containsExactly(
                        new InternalApi.RunnerOfQueue("a-offline", "home", "none", "offline", null, false),
                        new InternalApi.RunnerOfQueue(
                                "b-serving", "home", "none", "refused", "add it to allow.git", false));
        clock.advance(Duration.ofSeconds(60));
        assertThat(runners(workspace))
                .extracting(InternalApi.RunnerOfQueue::state)
                .containsOnly("offline");
    }

    @Test
    void granted_is_what_was_granted_in_the_versions_of_now() {
        RunnerRole runner = runner("r", "q");
        KeeperApi.ServingLease lease = runner.lease();
        assertThat(one().granted()).isFalse();
        assertThat(runner.values(lease, COMMIT)).hasSize(2);
        assertThat(one().granted()).isTrue();
        console.deposit(single, "OTHER", "not asked for");
        assertThat(one().granted()).isTrue();
        console.deposit(single, "KEY", "2");
        assertThat(one().granted()).isFalse();
        runner.values(lease, COMMIT);
        assertThat(one().granted()).isTrue();
        console.deposit(vault, "B", "new");
        assertThat(one().granted()).isFalse();
    }

    @Test
    void what_was_granted_for_another_deployment_does_not_count() {
        RunnerRole runner = runner("r", "q");
        runner.values(runner.lease(), COMMIT);
        ConsoleRole.Queue changed = console.change(queue, onBranch(queue.deployment(), "next"));
        assertThat(one().granted()).isFalse();
        assertThat(one().state()).isEqualTo("starting");
        assertThat(one().detail()).contains("hasn't asked yet");
        console.allow(vault, changed);
        console.allow(single, changed);
        runner.lease();
        assertThat(one().granted()).isFalse();
        runner.values(runner.lease(), COMMIT);
        assertThat(one().granted()).isTrue();
    }

    @Test
    void I6_another_workspace_sees_no_runners() {
        runner("r", "*").lease();
        assertThat(runners("another")).isEmpty();
    }

    private InternalApi.RunnerOfQueue one() {
        List<InternalApi.RunnerOfQueue> all = runners(workspace);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<InternalApi.RunnerOfQueue> runners(@Nullable String of) {
        return console.keeper()
                .send("GET", "/internal/v1/queues/" + queue.id() + "/runners?workspaceId=" + of, null, null)
                .as(Runners.class)
                .items();
    }
}
