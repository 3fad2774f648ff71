package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is submitted, what comes back, who sees it, and cancelling. */
class TaskTest extends TaskTestCase {
    @Test
    void a_task_is_submitted_leased_beaten_for_and_ended() {
        ConsoleApi.Task submitted = console.submit(queue, "{\"text\":\"hello\"}");
        assertThat(submitted.state()).isEqualTo("pending");
        KeeperApi.TaskLease task = runner.takeOne(lease);
        assertThat(task.taskId()).isEqualTo(submitted.id());
        assertThat(task.queue()).isEqualTo("work.default");
        assertThat(task.payload()).isEqualTo(json("{\"text\":\"hello\"}"));
        assertThat(task.retryCount()).isZero();
        assertThat(task.fencing()).isEqualTo(1);
        assertThat(task.expiresAt()).isEqualTo(clock.millis() + 30_000);

        clock.advance(Duration.ofSeconds(20));
        KeeperApi.Beat beat = runner.beat(task, task.fencing(), "half of it").as(KeeperApi.Beat.class);
        assertThat(beat).isEqualTo(new KeeperApi.Beat(clock.millis() + 30_000, false, clock.millis()));
        ConsoleApi.Task running = console.task(queue, submitted.id(), 0);
        assertThat(running.state()).isEqualTo("running");
        assertThat(running.progress()).isEqualTo("half of it");
        assertThat(running.runner()).isEqualTo(runner.id());

        KeeperApi.TaskResult result = new KeeperApi.TaskResult(
                task.fencing(), "succeeded", json("[1]"), null, false, json("{\"issues\":[]}"), COMMIT);
        assertThat(runner.result(task, result).as(KeeperApi.Ended.class).state())
                .isEqualTo("succeeded");
        ConsoleApi.Task done = console.task(queue, submitted.id(), 0);
        assertThat(done.state()).isEqualTo("succeeded");
        assertThat(done.result()).isEqualTo(json("[1]"));
        assertThat(done.report()).isEqualTo(json("{\"issues\":[]}"));
        assertThat(done.commit()).isEqualTo(COMMIT);
        assertThat(done.attempt()).isEqualTo(1);
        assertThat(done.finishedAt()).isNotNull();
    }

    @Test
    void a_report_that_does_not_fit_is_replaced_and_its_result_kept() {
        ConsoleApi.Task submitted = console.submit(queue, "{}");
        KeeperApi.TaskLease task = runner.takeOne(lease);
        runner.result(
                task,
                new KeeperApi.TaskResult(
                        task.fencing(),
                        "succeeded",
                        json("[1]"),
                        null,
                        false,
                        json("{\"issues\":[{\"severity\":9,\"title\":\"t\"}]}"),
                        COMMIT));
        ConsoleApi.Task done = console.task(queue, submitted.id(), 0);
        assertThat(done.state()).isEqualTo("succeeded");
        assertThat(done.result()).isEqualTo(json("[1]"));
        assertThat(String.valueOf(done.report()))
                .contains("didn't fit")
                .contains("issues[0].severity must be a whole number from 1 to 4");
    }

    @Test
    void what_a_runner_withholds_is_known_as_withheld_and_not_as_nothing() {
        ConsoleApi.Task submitted = console.submit(queue, "{}");
        KeeperApi.TaskLease task = runner.takeOne(lease);
        assertThat(runner.result(task, withholding(task, List.of("results"))).status())
                .isEqualTo(400);
        runner.result(task, withholding(task, List.of("report.details", "result")))
                .as(KeeperApi.Ended.class);
        ConsoleApi.Task done = console.task(queue, submitted.id(), 0);
        assertThat(String.valueOf(done.result())).isEqualTo("null");
        assertThat(done.withheld()).containsExactly("report.details", "result");
    }

    private static KeeperApi.TaskResult withholding(KeeperApi.TaskLease task, List<String> names) {
        return new KeeperApi.TaskResult(task.fencing(), "succeeded", null, null, false, null, null, names, null);
    }

    @Test
    void results_come_back_as_they_were_even_when_they_are_no_objects() {
        for (String result : List.of("null", "true", "1234", "1.10", "12345678901234567890", "\"\"", "[[null]]")) {
            ConsoleApi.Task submitted = console.submit(queue, result);
            KeeperApi.TaskLease task = runner.takeOne(lease);
            assertThat(task.payload()).isEqualTo(json(result));
            runner.succeed(task, result).as(KeeperApi.Ended.class);
            assertThat(console.task(queue, submitted.id(), 0).result()).isEqualTo(json(result));
        }
    }

    @Test
    void cancelling_ends_a_waiting_task_at_once_and_reaches_the_runner_of_a_running_one() {
        String waiting = console.submit(queue, "1").id();
        assertThat(console.cancel(queue, waiting).state()).isEqualTo("cancelled");
        assertThat(runner.take(lease, 1, 0)).isEmpty();

        String running = console.submit(queue, "1").id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        assertThat(console.cancel(queue, running).state()).isEqualTo("running");
        assertThat(runner.beat(task, task.fencing(), null)
                        .as(KeeperApi.Beat.class)
                        .cancelled())
                .isTrue();
        assertThat(runner.fail(task, "stopped", true).as(KeeperApi.Ended.class).state())
                .isEqualTo("cancelled");
        assertThat(console.cancel(queue, running).state()).isEqualTo("cancelled");
    }

    @Test
    void all_tasks_of_a_queue_are_cancelled_at_once_and_no_others() {
        String ended = console.submit(queue, "1").id();
        runner.succeed(runner.takeOne(lease), "1").as(KeeperApi.Ended.class);
        String running = console.submit(queue, "1").id();
        KeeperApi.TaskLease task = runner.takeOne(lease);
        String waiting = console.submit(queue, "1").id();
        ConsoleRole.Queue other = console.queue(workspace, "other", deployment());
        String elsewhere = console.submit(other, "1").id();
        assertThat(cancelAll("another-workspace")).isZero();
        assertThat(cancelAll(workspace)).isEqualTo(2);
        assertThat(cancelAll(workspace)).isZero();
        assertThat(console.task(queue, waiting, 0).state()).isEqualTo("cancelled");
        assertThat(runner.beat(task, task.fencing(), null)
                        .as(KeeperApi.Beat.class)
                        .cancelled())
                .isTrue();
        assertThat(console.task(queue, running, 0).state()).isEqualTo("running");
        assertThat(console.task(queue, ended, 0).state()).isEqualTo("succeeded");
        assertThat(console.task(other, elsewhere, 0).state()).isEqualTo("pending");
    }

    private int cancelAll(String ofWorkspace) {
        String path = "/internal/v1/queues/" + queue.id() + "/cancel";
        return console.keeper()
                .send("POST", path, new InternalApi.Asked(ofWorkspace, "a"), null)
                .as(InternalApi.Count.class)
                .count();
    }

    @Test
    void a_cancelled_task_whose_runner_died_is_cancelled_when_its_lease_expires() {
        String id = console.submit(queue, "1").id();
        runner.takeOne(lease);
        console.cancel(queue, id);
        clock.advance(Duration.ofSeconds(30));
        assertThat(console.task(queue, id, 20).state()).isEqualTo("cancelled");
    }

    @Test
    void a_waiting_task_says_why() {
        ConsoleRole.Queue unserved = console.queue(workspace, "unserved", deployment());
        String id = console.submit(unserved, "1").id();
        assertThat(console.task(unserved, id, 0).reason()).isEqualTo("no runner serves queue 'unserved' now");
        RunnerRole serving = runner("r9", "unserved");
        KeeperApi.Serving first = serving.serving();
        serving.serving(
                first.revision(),
                1,
                new KeeperApi.HeldLease(first.leases().getFirst().leaseId(), "degraded", "vault not found: 'x'"));
        assertThat(console.task(unserved, id, 0).reason()).isEqualTo("runner 'r9' is degraded: vault not found: 'x'");
    }

    @Test
    void tasks_are_listed_newest_first_by_queue_and_state_without_content() {
        String first = console.submit(queue, "1").id();
        clock.advance(Duration.ofMillis(1));
        String second = console.submit(queue, "2").id();
        console.cancel(queue, first);
        assertThat(list("")).extracting(ConsoleApi.Task::id).containsExactly(second, first);
        assertThat(list(""))
                .noneMatch(task -> task.payload() != null && task.payload().isNumber());
        assertThat(list("&state=cancelled")).extracting(ConsoleApi.Task::id).containsExactly(first);
        assertThat(list("&queueId=" + queue.id() + "&limit=1"))
                .extracting(ConsoleApi.Task::id)
                .containsExactly(second);
        assertThat(list("&queueId=another")).isEmpty();
        console.keeper()
                .send("GET", "/internal/v1/tasks?workspaceId=" + workspace + "&state=odd", null, null)
                .refusedWith(ProblemCode.BAD_REQUEST);
    }

    @Test
    void I1_payload_result_error_progress_and_report_rest_encrypted() throws IOException {
        String canary = "canary-5d41402abc4b2a76";
        console.submit(queue, "\"" + canary + "\"");
        KeeperApi.TaskLease task = runner.takeOne(lease);
        runner.beat(task, task.fencing(), canary);
        KeeperApi.TaskResult result = new KeeperApi.TaskResult(
                task.fencing(), "failed", json("\"" + canary + "\""), canary, false, json("\"" + canary + "\""), null);
        runner.result(task, result).as(KeeperApi.Ended.class);
        try (Stream<Path> files = Files.walk(home.resolve("keeper"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain(canary);
            }
        }
    }

    @Test
    void submissions_and_cancellations_are_audited_with_who_asked() {
        String id = console.submit(queue, "1").id();
        console.cancel(queue, id);
        console.cancel(queue, id);
        List<ConsoleApi.AuditEvent> events = console.audit(workspace).stream()
                .filter(event -> event.object().equals("task:" + id))
                .toList();
        assertThat(events).extracting(ConsoleApi.AuditEvent::action).containsExactly("task.submit", "task.cancel");
        assertThat(events).allMatch(event -> event.actor().equals(ConsoleRole.ACTOR));
    }

    @Test
    void I6_a_task_of_another_workspace_is_not_found_like_one_that_does_not_exist() {
        String id = console.submit(queue, "1").id();
        String path = "/internal/v1/tasks/";
        String theirs = console.keeper()
                .send("GET", path + id + "?workspaceId=other", null, null)
                .refusedWith(ProblemCode.NOT_FOUND);
        String none = console.keeper()
                .send("GET", path + "none?workspaceId=other", null, null)
                .refusedWith(ProblemCode.NOT_FOUND);
        assertThat(theirs).isEqualTo(none);
        console.keeper()
                .send("POST", path + id + "/cancel", new InternalApi.Asked("other", "a"), null)
                .refusedWith(ProblemCode.NOT_FOUND);
        assertThat(console.task(queue, id, 0).state()).isEqualTo("pending");
    }

    @Test
    void what_is_too_deep_or_too_large_is_no_result_no_error_and_no_payload() {
        console.submit(queue, deep(64));
        KeeperApi.TaskLease task = runner.takeOne(lease);
        JsonNode one = json("1");
        JsonNode large = json("\"" + "x".repeat(2 << 20) + "\"");
        end(task, json(deep(65)), null).refusedWith(ProblemCode.BAD_REQUEST);
        end(task, large, null).refusedWith(ProblemCode.BODY_TOO_LARGE);
        end(task, one, large.asString() + "y").refusedWith(ProblemCode.BODY_TOO_LARGE);
        submit("work", "default", 1, deep(65).getBytes(StandardCharsets.UTF_8)).refusedWith(ProblemCode.BAD_REQUEST);
        end(task, json(deep(64)), null).as(KeeperApi.Ended.class);
        assertThat(console.task(queue, task.taskId(), 0).result()).isEqualTo(json(deep(64)));
    }

    private Wire.Answer end(KeeperApi.TaskLease task, JsonNode result, @Nullable String error) {
        return runner.result(
                task, new KeeperApi.TaskResult(task.fencing(), "succeeded", result, error, false, null, null));
    }

    private static String deep(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    @Test
    void malformed_submissions_are_refused() {
        submit("work", "default", 3, "1".getBytes(StandardCharsets.UTF_8)).as(ConsoleApi.Tasks.class);
        submit("no spaces", "default", 3, "1".getBytes(StandardCharsets.UTF_8)).refusedWith(ProblemCode.INVALID_NAME);
        submit("work", "default", -1, "1".getBytes(StandardCharsets.UTF_8)).refusedWith(ProblemCode.BAD_REQUEST);
        byte[] large = ("\"" + "x".repeat(2 << 20) + "\"").getBytes(StandardCharsets.UTF_8);
        submit("work", "default", 3, large).refusedWith(ProblemCode.BODY_TOO_LARGE);
    }

    private Wire.Answer submit(String name, String subQueue, int maxRetry, byte[] payload) {
        InternalApi.NewTask task = new InternalApi.NewTask(subQueue, 1, null, Json.readTree(payload), null);
        return console.trySubmit(
                new ConsoleRole.Queue(workspace, queue.id(), name, queue.deployment(), queue.revision()),
                ConsoleRole.limits(maxRetry),
                task);
    }

    private List<ConsoleApi.Task> list(String query) {
        return console.keeper()
                .send("GET", "/internal/v1/tasks?workspaceId=" + workspace + query, null, null)
                .as(ConsoleApi.Tasks.class)
                .items();
    }
}
