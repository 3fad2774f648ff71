package dev.nightsafe.keeper;

import static dev.nightsafe.keeper.ConsoleRole.limits;
import static dev.nightsafe.keeper.ConsoleRole.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a queue and its owner decide about tasks: order, waiting, how long, once or again. */
class TaskLifeTest extends KeeperTestCase {
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
    void sub_queues_share_by_their_weights() {
        Map<String, Integer> weights = Map.of("urgent", 6, "normal", 3, "nightly", 1);
        for (int batch = 0; batch < 10; batch++) {
            weights.forEach((name, weight) -> submit(
                    limits(0),
                    Stream.generate(() -> task(name, weight, "1", null))
                            .limit(100)
                            .toArray(InternalApi.NewTask[]::new)));
        }
        Map<String, Long> taken = take(1000).stream()
                .collect(Collectors.groupingBy(
                        task -> task.queue().substring(task.queue().indexOf('.') + 1), Collectors.counting()));
        assertThat(taken.get("urgent")).isBetween(570L, 630L);
        assertThat(taken.get("normal")).isBetween(285L, 315L);
        assertThat(taken.get("nightly")).isBetween(95L, 105L);
    }

    @Test
    void a_sub_queue_that_was_empty_does_not_catch_up_and_one_alone_gets_everything() {
        submit(limits(0), many("first", 1, 100));
        assertThat(take(100)).hasSize(100);
        submit(limits(0), many("first", 1, 20));
        submit(limits(0), many("second", 1, 20));
        Map<String, Long> taken =
                take(10).stream().collect(Collectors.groupingBy(KeeperApi.TaskLease::queue, Collectors.counting()));
        assertThat(taken).containsEntry("work.first", 5L).containsEntry("work.second", 5L);
    }

    @Test
    void within_a_sub_queue_the_oldest_goes_first() {
        List<String> submitted = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            submitted.add(console.submit(queue, "1").id());
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(take(3)).extracting(KeeperApi.TaskLease::taskId).containsExactlyElementsOf(submitted);
    }

    @Test
    void a_batch_is_taken_in_whole_and_in_order_or_not_at_all() {
        List<ConsoleApi.Task> tasks = submit(
                limits(0),
                task("default", 1, "1", null),
                task("default", 1, "null", null),
                task("default", 1, "3", null));
        assertThat(take(10)).extracting(KeeperApi.TaskLease::taskId).containsExactlyElementsOf(ids(tasks));
        console.trySubmit(queue, limits(0), task("default", 1, "1", null), task("no spaces", 1, "1", null))
                .refusedWith(ProblemCode.INVALID_NAME);
        console.trySubmit(queue, limits(0)).refusedWith(ProblemCode.BAD_REQUEST);
        console.trySubmit(queue, limits(0), many("default", 1, 1001)).refusedWith(ProblemCode.BAD_REQUEST);
        assertThat(take(10)).isEmpty();
    }

    @Test
    void the_same_idempotency_key_gives_the_task_that_is_there() {
        String first = submit(limits(0), task("default", 1, "{\"n\": 1}", "order-7"))
                .getFirst()
                .id();
        List<ConsoleApi.Task> again =
                submit(limits(0), task("default", 1, "{\"n\": 1}", "order-7"), task("default", 1, "2", "order-8"));
        assertThat(again.getFirst().id()).isEqualTo(first);
        assertThat(again.getLast().id()).isNotEqualTo(first);
        assertThat(submit(limits(0), task("default", 1, "5", "twice"), task("default", 1, "5", "twice")))
                .extracting(ConsoleApi.Task::id)
                .containsOnly(submit(limits(0), task("default", 1, "5", "twice"))
                        .getFirst()
                        .id());
        assertThat(take(10)).hasSize(3);
        console.trySubmit(queue, limits(0), task("default", 1, "3", "order-9"), task("default", 1, "9", "order-7"))
                .refusedWith(ProblemCode.IDEMPOTENCY_CONFLICT);
        assertThat(take(10)).isEmpty();
        ConsoleRole.Queue other = console.queue(workspace, "other", deployment());
        assertThat(console.submit(other, limits(0), task("default", 1, "9", "order-7"))
                        .getFirst()
                        .id())
                .isNotEqualTo(first);
    }

    @Test
    void the_audit_names_the_tasks_that_a_request_made_and_not_those_that_were_there() {
        submit(limits(0), task("default", 1, "1", "before"));
        List<ConsoleApi.Task> tasks = submit(
                limits(0),
                task("default", 1, "1", "before"),
                task("default", 1, "2", null),
                task("default", 1, "3", null));
        ConsoleApi.AuditEvent event = console.audit(workspace).getLast();
        assertThat(event.object()).isEqualTo("task:" + tasks.get(1).id());
        assertThat(event.details())
                .containsEntry("tasks", "2")
                .containsEntry("last", tasks.get(2).id());
        int events = console.audit(workspace).size();
        submit(limits(0), task("default", 1, "1", "before"));
        assertThat(console.audit(workspace)).hasSize(events);
    }

    @Test
    void one_of_many_submitters_with_the_same_key_makes_the_task() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<ConsoleApi.Task>>> all = Stream.generate(
                            () -> executor.submit(() -> submit(limits(0), task("default", 1, "1", "same"))))
                    .limit(20)
                    .toList();
            List<String> seen = new ArrayList<>();
            for (Future<List<ConsoleApi.Task>> each : all) {
                seen.add(each.get().getFirst().id());
            }
            assertThat(seen).containsOnly(seen.getFirst());
        }
        assertThat(take(10)).hasSize(1);
    }

    @Test
    void a_paused_queue_gives_no_task_out_until_it_is_resumed() throws Exception {
        String running = console.submit(queue, "1").id();
        KeeperApi.TaskLease before = runner.takeOne(lease);
        ConsoleApi.QueueActivity paused = act("pause");
        assertThat(paused.pausedAt()).isNotNull();
        assertThat(paused.pausedBy()).isEqualTo(ConsoleRole.ACTOR);
        String waiting = console.submit(queue, "2").id();
        assertThat(take(1)).isEmpty();
        assertThat(console.task(queue, waiting, 0).reason()).contains("queue 'work' is paused since");
        runner.succeed(before, "1").as(KeeperApi.Ended.class);
        assertThat(console.task(queue, running, 0).state()).isEqualTo("succeeded");
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<KeeperApi.TaskLease>> taken = executor.submit(() -> runner.take(lease, 1, 20_000));
            assertThat(act("resume").pausedAt()).isNull();
            assertThat(taken.get()).extracting(KeeperApi.TaskLease::taskId).containsExactly(waiting);
        }
    }

    @Test
    void pausing_twice_is_one_pause_and_what_is_no_name_pauses_nothing() {
        act("pause");
        act("pause");
        act("resume");
        act("resume");
        assertThat(console.audit(workspace))
                .extracting(ConsoleApi.AuditEvent::action)
                .filteredOn(action -> action.startsWith("queue."))
                .containsExactly("queue.pause", "queue.resume");
        InternalApi.AskedOfQueue wrong = new InternalApi.AskedOfQueue(workspace, "no name", ConsoleRole.ACTOR);
        console.keeper()
                .send("POST", "/internal/v1/queues/" + queue.id() + "/pause", wrong, null)
                .refusedWith(ProblemCode.INVALID_NAME);
        assertThat(activity().pausedAt()).isNull();
    }

    @Test
    void a_pause_is_forgotten_with_its_queue_and_no_other() {
        ConsoleRole.Queue other = console.queue(workspace, "other", deployment());
        act("pause");
        InternalApi.AskedOfQueue asked = new InternalApi.AskedOfQueue(workspace, "other", ConsoleRole.ACTOR);
        console.keeper()
                .send("POST", "/internal/v1/queues/" + other.id() + "/pause", asked, null)
                .as(ConsoleApi.QueueActivity.class);
        console.delete(other);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (keeperRow("SELECT queue_id FROM paused_queue WHERE queue_id = '" + other.id() + "'")
                        .isPresent()
                && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(keeperRow("SELECT queue_id FROM paused_queue WHERE queue_id = '" + other.id() + "'"))
                .isEmpty();
        assertThat(activity().pausedAt()).isNotNull();
    }

    private ConsoleApi.QueueActivity activity() {
        return console.keeper()
                .send(
                        "GET",
                        "/internal/v1/queues/" + queue.id() + "?workspaceId=" + workspace + "&name=work",
                        null,
                        null)
                .as(ConsoleApi.QueueActivity.class);
    }

    @Test
    void a_submission_may_ask_not_to_wait_in_a_paused_queue() {
        InternalApi.NewTasks wanted = new InternalApi.NewTasks(
                workspace,
                queue.id(),
                1,
                "work",
                limits(0),
                List.of(),
                "schedule:work",
                true,
                List.of(task("default", 1, "1", "schedule/1/2026-11-22T10:00:00Z")));
        act("pause");
        console.keeper().send("POST", "/internal/v1/tasks", wanted, null).refusedWith(ProblemCode.QUEUE_PAUSED);
        act("resume");
        assertThat(take(1)).isEmpty();
        console.keeper().send("POST", "/internal/v1/tasks", wanted, null).as(ConsoleApi.Tasks.class);
        console.keeper().send("POST", "/internal/v1/tasks", wanted, null).as(ConsoleApi.Tasks.class);
        assertThat(take(2)).hasSize(1);
        assertThat(console.audit(workspace))
                .filteredOn(event -> event.action().equals("task.submit"))
                .singleElement()
                .satisfies(event -> assertThat(event.actor()).isEqualTo("schedule:work"));
    }

    @Test
    void I6_another_workspace_can_neither_resume_nor_see_a_paused_queue() {
        act("pause");
        InternalApi.AskedOfQueue other = new InternalApi.AskedOfQueue("other", "work", "a");
        String path = "/internal/v1/queues/" + queue.id();
        console.keeper().send("POST", path + "/resume", other, null).as(ConsoleApi.QueueActivity.class);
        assertThat(console.keeper()
                        .send("GET", path + "?workspaceId=other&name=work", null, null)
                        .as(ConsoleApi.QueueActivity.class)
                        .pausedAt())
                .isNull();
        console.submit(queue, "1");
        assertThat(take(1)).isEmpty();
    }

    @Test
    void a_queue_tells_what_it_does() {
        submit(limits(0), many("default", 1, 3));
        runner.succeed(runner.takeOne(lease), "1").as(KeeperApi.Ended.class);
        runner.fail(runner.takeOne(lease), "no", false).as(KeeperApi.Ended.class);
        ConsoleApi.QueueActivity activity = console.keeper()
                .send(
                        "GET",
                        "/internal/v1/queues/" + queue.id() + "?workspaceId=" + workspace + "&name=work",
                        null,
                        null)
                .as(ConsoleApi.QueueActivity.class);
        assertThat(activity.subQueues()).hasSize(1).first().satisfies(lane -> {
            assertThat(lane.pending()).isEqualTo(1);
            assertThat(lane.succeeded()).isEqualTo(1);
            assertThat(lane.failed()).isEqualTo(1);
            assertThat(lane.oldestPendingAt()).isNotNull();
        });
        assertThat(activity.serving())
                .extracting(ConsoleApi.ServingRunner::runner)
                .containsExactly("r1");
    }

    @Test
    void a_task_that_waits_longer_than_pending_timeout_fails_and_says_so() {
        String id = submit(new InternalApi.TaskLimits(3, 0, 0, 60, 0), task("default", 1, "1", null))
                .getFirst()
                .id();
        clock.advance(Duration.ofSeconds(59));
        assertThat(console.task(queue, id, 0).state()).isEqualTo("pending");
        clock.advance(Duration.ofSeconds(1));
        ConsoleApi.Task failed = console.task(queue, id, 20);
        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.reason()).contains("pending_timeout");
        assertThat(runner.take(runner.lease(), 1, 0)).isEmpty();
    }

    @Test
    void an_attempt_ends_at_active_timeout_however_often_it_is_beaten_for() {
        String id = submit(new InternalApi.TaskLimits(1, 0, 0, 0, 40), task("default", 1, "1", null))
                .getFirst()
                .id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        clock.advance(Duration.ofSeconds(20));
        assertThat(runner.beat(task, task.fencing(), null)
                        .as(KeeperApi.Beat.class)
                        .expiresAt())
                .isEqualTo(clock.millis() + 20_000);
        clock.advance(Duration.ofSeconds(20));
        runner.beat(task, task.fencing(), null).refusedWith(ProblemCode.LEASE_LOST);
        KeeperApi.TaskLease again = runner.takeOne(runner.lease());
        assertThat(again.taskId()).isEqualTo(id);
        clock.advance(Duration.ofSeconds(20));
        runner.beat(again, again.fencing(), null).as(KeeperApi.Beat.class);
        clock.advance(Duration.ofSeconds(20));
        ConsoleApi.Task failed = console.task(queue, id, 20);
        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.reason()).contains("active_timeout");
    }

    @Test
    void ended_tasks_are_deleted_when_their_time_is_over() {
        InternalApi.TaskLimits kept = new InternalApi.TaskLimits(0, 100, 200, 0, 0);
        List<String> ids = ids(submit(kept, many("default", 1, 3)));
        runner.succeed(runner.takeOne(lease), "1").as(KeeperApi.Ended.class);
        runner.fail(runner.takeOne(lease), "no", false).as(KeeperApi.Ended.class);
        clock.advance(Duration.ofSeconds(99));
        assertThat(ids).allSatisfy(id -> assertThat(console.task(queue, id, 0)).isNotNull());
        clock.advance(Duration.ofSeconds(1));
        awaitGone(ids.getFirst());
        assertThat(console.task(queue, ids.get(1), 0).state()).isEqualTo("failed");
        clock.advance(Duration.ofSeconds(100));
        awaitGone(ids.get(1));
        assertThat(console.task(queue, ids.get(2), 0).state()).isEqualTo("pending");
    }

    @Test
    void a_result_is_held_to_what_the_queue_said_of_its_output() {
        console.output = List.of(
                new InternalApi.OutputField("count", List.of(QueueDefinition.Field.Type.INT), true),
                new InternalApi.OutputField(
                        "note", List.of(QueueDefinition.Field.Type.STRING, QueueDefinition.Field.Type.BOOL), false));
        try {
            for (String fits : List.of("{\"count\": 1}", "{\"count\": 1, \"note\": true, \"more\": []}")) {
                String id = console.submit(queue, "1").id();
                assertThat(runner.succeed(runner.takeOne(lease), fits)
                                .as(KeeperApi.Ended.class)
                                .state())
                        .isEqualTo("succeeded");
                assertThat(console.task(queue, id, 0).result()).isNotNull();
            }
            for (String unfit :
                    List.of("null", "[1]", "{}", "{\"count\": \"s3cret\"}", "{\"count\": 1, \"note\": 2}")) {
                String id = console.submit(queue, "1").id();
                KeeperApi.TaskLease taken = runner.takeOne(lease);
                assertThat(runner.succeed(taken, unfit)
                                .as(KeeperApi.Ended.class)
                                .state())
                        .as(unfit)
                        .isEqualTo("failed");
                ConsoleApi.Task failed = console.task(queue, id, 0);
                assertThat(failed.reason()).startsWith("output-invalid");
                assertThat(failed.error()).startsWith("output-invalid").doesNotContain("s3cret");
                assertThat(String.valueOf(failed.result())).isEqualTo("null");
            }
            String id = console.submit(queue, "1").id();
            runner.fail(runner.takeOne(lease), "its own error", false).as(KeeperApi.Ended.class);
            assertThat(console.task(queue, id, 0).error()).isEqualTo("its own error");
        } finally {
            console.output = List.of();
        }
    }

    @Test
    void each_change_of_a_task_is_told_to_those_who_wait_for_it() throws Exception {
        String id = console.submit(queue, "\"s3cret\"").id();
        InternalApi.TaskChange pending = change(id, "", 0);
        assertThat(change(id, pending.mark(), 0).mark()).isEqualTo(pending.mark());
        assertThat(String.valueOf(pending.task().payload())).isEqualTo("null");
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<InternalApi.TaskChange> taken = executor.submit(() -> change(id, pending.mark(), 60));
            KeeperApi.TaskLease task = runner.takeOne(lease);
            InternalApi.TaskChange running = taken.get(20, TimeUnit.SECONDS);
            assertThat(running.task().state()).isEqualTo("running");
            Future<InternalApi.TaskChange> beaten = executor.submit(() -> change(id, running.mark(), 60));
            runner.beat(task, task.fencing(), "half of it").as(KeeperApi.Beat.class);
            InternalApi.TaskChange half = beaten.get(20, TimeUnit.SECONDS);
            assertThat(half.task().progress()).isEqualTo("half of it");
            Future<InternalApi.TaskChange> ended = executor.submit(() -> change(id, half.mark(), 60));
            runner.succeed(task, "1").as(KeeperApi.Ended.class);
            assertThat(ended.get(20, TimeUnit.SECONDS).task().state()).isEqualTo("succeeded");
            assertThat(String.valueOf(ended.get().task().result())).isEqualTo("null");
            assertThat(change(id, ended.get().mark(), 60).task().state()).isEqualTo("succeeded");
        }
        console.keeper()
                .send("GET", "/internal/v1/tasks/" + id + "/changes?workspaceId=other", null, null)
                .refusedWith(ProblemCode.NOT_FOUND);
    }

    private InternalApi.TaskChange change(String id, String seen, int wait) {
        return console.keeper()
                .send(
                        "GET",
                        "/internal/v1/tasks/" + id + "/changes?workspaceId=" + workspace + "&seen=" + seen + "&wait="
                                + wait,
                        null,
                        null)
                .as(InternalApi.TaskChange.class);
    }

    @Test
    void a_task_that_failed_begins_anew_with_all_its_attempts() {
        String id = console.submit(queue, "1", 1, 0).id();
        retry(id).refusedWith(ProblemCode.WRONG_STATE);
        KeeperApi.TaskLease first = runner.takeOne(lease);
        retry(id).refusedWith(ProblemCode.WRONG_STATE);
        runner.fail(first, "no", true).as(KeeperApi.Ended.class);
        ConsoleApi.Task again = retry(id).as(ConsoleApi.Task.class);
        assertThat(again.state()).isEqualTo("pending");
        assertThat(again.error()).isNull();
        KeeperApi.TaskLease second = runner.takeOne(lease);
        assertThat(second.retryCount()).isZero();
        assertThat(second.fencing()).isEqualTo(2);
        runner.succeed(first, "1").refusedWith(ProblemCode.LEASE_LOST);
        runner.succeed(second, "2").as(KeeperApi.Ended.class);
        retry(id).refusedWith(ProblemCode.WRONG_STATE);

        String cancelled = console.submit(queue, "1").id();
        console.cancel(queue, cancelled);
        retry(cancelled).as(ConsoleApi.Task.class);
        runner.succeed(runner.takeOne(lease), "3").as(KeeperApi.Ended.class);
        assertThat(console.task(queue, cancelled, 0).state()).isEqualTo("succeeded");
    }

    private Wire.Answer retry(String id) {
        return console.keeper()
                .send(
                        "POST",
                        "/internal/v1/tasks/" + id + "/retry",
                        new InternalApi.Asked(workspace, ConsoleRole.ACTOR),
                        null);
    }

    private ConsoleApi.QueueActivity act(String action) {
        return console.keeper()
                .send(
                        "POST",
                        "/internal/v1/queues/" + queue.id() + "/" + action,
                        new InternalApi.AskedOfQueue(workspace, queue.name(), ConsoleRole.ACTOR),
                        null)
                .as(ConsoleApi.QueueActivity.class);
    }

    /** The sweep is the ticker's; asks until it has come. */
    private void awaitGone(String id) {
        String path = "/internal/v1/tasks/" + id + "?workspaceId=" + workspace;
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            if (console.keeper().send("GET", path, null, null).status() == 404) {
                return;
            }
            Thread.onSpinWait();
        }
        console.keeper().send("GET", path, null, null).refusedWith(ProblemCode.NOT_FOUND);
    }

    private List<ConsoleApi.Task> submit(InternalApi.TaskLimits limits, InternalApi.NewTask... tasks) {
        return console.submit(queue, limits, tasks);
    }

    private List<KeeperApi.TaskLease> take(int count) {
        List<KeeperApi.TaskLease> taken = new ArrayList<>();
        List<KeeperApi.TaskLease> more = runner.take(lease, Math.min(count, 100), 0);
        while (!more.isEmpty()) {
            taken.addAll(more);
            int left = Math.min(count - taken.size(), 100);
            more = left == 0 ? List.of() : runner.take(lease, left, 0);
        }
        return taken;
    }

    private static InternalApi.NewTask[] many(String subQueue, int weight, int count) {
        return Stream.generate(() -> task(subQueue, weight, "1", null))
                .limit(count)
                .toArray(InternalApi.NewTask[]::new);
    }

    private static List<String> ids(List<ConsoleApi.Task> tasks) {
        return tasks.stream()
                .map((Function<ConsoleApi.Task, String>) ConsoleApi.Task::id)
                .toList();
    }
}
