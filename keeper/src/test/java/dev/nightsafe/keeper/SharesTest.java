package dev.nightsafe.keeper;

import static dev.nightsafe.keeper.ConsoleRole.limits;
import static dev.nightsafe.keeper.ConsoleRole.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One poll of a runner's for all queues that it serves, which share by weight where it can't do everything at once. */
@SuppressWarnings("NullAway.Init") // JUnit makes them
class SharesTest extends KeeperTestCase {
    private static final Map<String, Integer> WEIGHTS = Map.of("six", 6, "three", 3, "one", 1);

    private final Map<String, ConsoleRole.Queue> queues = new HashMap<>();
    private final Map<String, KeeperApi.ServingLease> leases = new HashMap<>();
    private RunnerRole runner;

    @BeforeEach
    void serve() {
        WEIGHTS.keySet().forEach(name -> queues.put(name, console.queue(workspace, name, deployment())));
        runner = runner("r1", "*");
        runner.serving().leases().forEach(lease -> leases.put(lease.queue(), lease));
    }

    @Test
    void queues_share_by_their_weights_where_a_runner_does_one_task_at_a_time() {
        WEIGHTS.keySet().forEach(name -> submit(name, 1000));
        Map<String, Integer> done = new HashMap<>();
        KeeperApi.TaskLease task = runner.taken(poll(0)).getFirst();
        for (int i = 0; i < 1000; i++) {
            done.merge(queue(task), 1, Integer::sum);
            // By turns: with the end of the one before, and by a poll.
            KeeperApi.TaskLease next = runner.succeedAndTake(task, i % 2 == 0 ? rooms() : new KeeperApi.Room[0])
                    .next();
            task = next == null ? runner.taken(poll(0)).getFirst() : next;
        }
        assertThat(done.get("six")).isBetween(570, 630);
        assertThat(done.get("three")).isBetween(285, 315);
        assertThat(done.get("one")).isBetween(95, 105);
    }

    @Test
    void a_paused_queue_takes_no_share_and_that_of_an_empty_one_goes_to_the_others() {
        WEIGHTS.keySet().forEach(name -> submit(name, 80));
        ask("six", "pause");
        Map<String, Integer> without = take(80);
        assertThat(without).doesNotContainKey("six");
        assertThat(without.get("three")).isBetween(59, 61);
        assertThat(without.get("one")).isBetween(19, 21);
        ask("six", "resume");
        assertThat(take(60 + 20 + 80)).containsExactlyInAnyOrderEntriesOf(Map.of("six", 80, "three", 20, "one", 60));
    }

    @Test
    void queues_that_other_runners_do_faster_cost_nobody_its_share() {
        queues.put("busy", console.queue(workspace, "busy", deployment()));
        RunnerRole other = runner("r2", "busy");
        KeeperApi.ServingLease busy = other.lease();
        submit("busy", 1000);
        submit("six", 100);
        submit("one", 100);
        Map<String, Integer> done = new HashMap<>();
        for (int i = 0; i < 70; i++) {
            other.take(busy, 10, 0);
            runner.taken(poll(0)).forEach(task -> done.merge(queue(task), 1, Integer::sum));
        }
        assertThat(done.get("one")).isBetween(9, 11);
    }

    @Test
    void where_there_is_room_for_one_queue_only_it_gets_everything() {
        submit("six", 10);
        submit("one", 5);
        assertThat(runner.take(lease("one"), 10, 0))
                .hasSize(5)
                .allMatch(task -> queue(task).equals("one"));
    }

    @Test
    void each_task_is_for_a_room_of_its_queue_and_no_room_gets_two() {
        WEIGHTS.keySet().forEach(name -> submit(name, 5));
        KeeperApi.Room[] rooms = rooms();
        List<KeeperApi.TaskLease> taken = runner.taken(runner.askForTasks(List.of(rooms), 100, 0));
        assertThat(taken)
                .hasSize(3)
                .allSatisfy(task -> assertThat(rooms)
                        .anyMatch(room -> room.number() == task.room()
                                && room.servingLeaseId().equals(task.servingLeaseId())));
        assertThat(taken).extracting(KeeperApi.TaskLease::room).doesNotHaveDuplicates();
        assertThat(runner.taken(runner.askForTasks(List.of(rooms), 100, 0))).isEmpty();
        assertThat(runner.succeedAndTake(taken.getFirst(), rooms).next()).isNull();
    }

    @Test
    void a_lease_that_was_lost_does_not_disturb_the_others() {
        List<KeeperApi.Room> rooms = List.of(rooms());
        assertThat(runner.send("DELETE", "/v1/serving/" + lease("six").leaseId(), null)
                        .status())
                .isEqualTo(204);
        submit("six", 1);
        submit("one", 1);
        assertThat(runner.taken(runner.askForTasks(rooms, 10, 0)))
                .singleElement()
                .satisfies(task -> assertThat(queue(task)).isEqualTo("one"));
        runner.askForTasks(List.of(runner.room(lease("six"), null)), 1, 0).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void a_lease_of_another_runner_gives_nothing() {
        RunnerRole other = runner("r2", "*");
        submit("one", 1);
        other.askForTasks(List.of(other.room(lease("one"), null)), 1, 0).refusedWith(ProblemCode.LEASE_LOST);
        KeeperApi.TaskLease task = runner.takeOne(lease("one"));
        submit("six", 1);
        assertThat(runner.succeedAndTake(task, runner.room(other.lease("six"), null))
                        .next())
                .isNull();
    }

    @Test
    void any_queue_s_new_task_wakes_the_poll_and_another_poll_ends_it() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String name : List.of("six", "three", "one")) {
                Future<List<KeeperApi.TaskLease>> woken = threads.submit(() -> runner.taken(poll(20_000)));
                submit(name, 2);
                assertThat(woken.get()).hasSize(1).allMatch(task -> queue(task).equals(name));
                runner.takeOne(lease(name));
            }
            long begun = System.nanoTime();
            List<Future<List<KeeperApi.TaskLease>>> replaced = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                replaced.add(threads.submit(() -> runner.taken(poll(20_000))));
            }
            // Whichever of them came last ends with this one, which isn't told that it ends any.
            while (!replaced.stream().allMatch(Future::isDone)) {
                assertThat(runner.taken(runner.askForTasks(List.of(), 1, 0))).isEmpty();
            }
            assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
            submit("one", 1);
            assertThat(runner.take(lease("one"), 1, 0)).hasSize(1);
        }
    }

    @Test
    void what_are_no_rooms_is_refused() {
        KeeperApi.Room room = runner.room(lease("one"), null);
        for (List<KeeperApi.Room> rooms : List.of(
                List.of(room, room),
                List.of(new KeeperApi.Room(0, room.servingLeaseId(), null)),
                List.of(new KeeperApi.Room(1, "x".repeat(65), null)),
                Stream.generate(() -> runner.room(lease("one"), null))
                        .limit(KeeperApi.TaskLeaseRequest.MOST_ROOMS + 1)
                        .toList())) {
            runner.askForTasks(rooms, 1, 0).refusedWith(ProblemCode.BAD_REQUEST);
        }
        runner.send(
                        "POST",
                        "/v1/task-leases",
                        "{\"max\":1,\"waitMillis\":0,\"rooms\":[null]}".getBytes(StandardCharsets.UTF_8))
                .refusedWith(ProblemCode.BAD_REQUEST);
    }

    private Map<String, Integer> take(int count) {
        Map<String, Integer> taken = new HashMap<>();
        for (int i = 0; i < count; i++) {
            runner.taken(poll(0)).forEach(task -> taken.merge(queue(task), 1, Integer::sum));
        }
        return taken;
    }

    private Wire.Answer poll(long waitMillis) {
        return runner.askForTasks(List.of(rooms()), 1, waitMillis);
    }

    /** One for each queue. */
    private KeeperApi.Room[] rooms() {
        return leases.values().stream().map(lease -> runner.room(lease, null)).toArray(KeeperApi.Room[]::new);
    }

    private KeeperApi.ServingLease lease(String queue) {
        return Objects.requireNonNull(leases.get(queue));
    }

    private void submit(String queue, int count) {
        for (int left = count; left > 0; left -= 100) {
            console.submit(
                    Objects.requireNonNull(queues.get(queue)),
                    limits(0),
                    Stream.generate(() -> task("default", WEIGHTS.getOrDefault(queue, 1), "1", null))
                            .limit(Math.min(left, 100))
                            .toArray(InternalApi.NewTask[]::new));
        }
    }

    private void ask(String queue, String action) {
        console.keeper()
                .send(
                        "POST",
                        "/internal/v1/queues/" + lease(queue).queueId() + "/" + action,
                        new InternalApi.AskedOfQueue(workspace, queue, ConsoleRole.ACTOR),
                        null);
    }

    private static String queue(KeeperApi.TaskLease task) {
        return task.queue().substring(0, task.queue().indexOf('.'));
    }
}
