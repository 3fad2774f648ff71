package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A result that asks for the worker's next task. */
class NextTaskTest extends KeeperTestCase {
    private ConsoleRole.Queue queue;
    private RunnerRole runner;
    private KeeperApi.ServingLease lease;

    @BeforeEach
    void serve() {
        queue = console.queue(workspace, "work", deployment());
        runner = runner("r1", "work");
        lease = runner.lease();
    }

    @Test
    void the_next_task_comes_with_the_end_of_the_one_before() {
        String first = console.submit(queue, "1").id();
        String second = console.submit(queue, "2").id();
        KeeperApi.Ended ended = runner.succeedAndTake(runner.takeOne(lease), runner.room(lease, null));
        assertThat(ended.state()).isEqualTo("succeeded");
        KeeperApi.TaskLease next = Objects.requireNonNull(ended.next());
        assertThat(next.taskId()).isEqualTo(second);
        assertThat(next.payload()).isEqualTo(Json.readTree(new byte[] {'2'}));
        assertThat(next.expiresAt()).isEqualTo(ended.now() + 30_000);
        assertThat(console.task(queue, first, 0).state()).isEqualTo("succeeded");
        assertThat(console.task(queue, second, 0).state()).isEqualTo("running");
        assertThat(runner.succeed(next, "3").status()).isEqualTo(200);
        assertThat(console.task(queue, second, 0).result()).isEqualTo(Json.readTree(new byte[] {'3'}));
    }

    @Test
    void where_none_waits_none_comes_and_the_result_is_stored() {
        String only = console.submit(queue, "1").id();
        KeeperApi.Ended ended = runner.succeedAndTake(runner.takeOne(lease), runner.room(lease, null));
        assertThat(ended.next()).isNull();
        assertThat(console.task(queue, only, 0).state()).isEqualTo("succeeded");
    }

    @Test
    void a_queue_that_was_paused_meanwhile_gives_none() {
        console.submit(queue, "1");
        KeeperApi.TaskLease task = runner.takeOne(lease);
        console.submit(queue, "2");
        console.keeper()
                .send(
                        "POST",
                        "/internal/v1/queues/" + queue.id() + "/pause",
                        new InternalApi.AskedOfQueue(workspace, queue.name(), ConsoleRole.ACTOR),
                        null)
                .as(ConsoleApi.QueueActivity.class);
        assertThat(runner.succeedAndTake(task, runner.room(lease, null)).next()).isNull();
    }

    @Test
    void a_result_counts_though_the_serving_lease_has_ended() {
        String first = console.submit(queue, "1").id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        console.submit(queue, "2");
        for (int i = 0; i < 4; i++) { // the task's lease is kept, the serving lease isn't
            clock.advance(Duration.ofSeconds(20));
            runner.beat(task, task.fencing(), null);
        }
        assertThat(runner.succeedAndTake(task, runner.room(lease, null)).next()).isNull();
        assertThat(console.task(queue, first, 0).state()).isEqualTo("succeeded");
    }
}
