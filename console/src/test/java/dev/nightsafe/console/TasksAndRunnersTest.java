package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

class TasksAndRunnersTest extends ConsoleTest {
    private final String oneLane = base + "/queues/one/tasks";
    private final String twoLanes = base + "/queues/two/tasks";
    private final String tasks = base + "/tasks";
    private final String runners = base + "/runners";

    @BeforeEach
    void makeQueues() {
        console.call("PUT", base + "/queues/one", console.first(), QueuesTest.queue());
        console.call(
                        "PUT",
                        base + "/queues/two",
                        console.first(),
                        Map.of(
                                "sub_queues",
                                List.of(Map.of("name", "high", "priority", 10), Map.of("name", "low", "priority", 1)),
                                "deployment",
                                Map.of("git_url", "https://git.example/code.git", "startup_cmd", "python main.py")))
                .as(ConsoleApi.QueueApplied.class);
        console.keeper.requests.clear();
    }

    @Test
    void a_task_is_submitted_listed_shown_and_cancelled() {
        ConsoleApi.Task task =
                submit(oneLane, "summarize", null, "{\"text\":\"…\"}").as(ConsoleApi.Task.class);
        assertThat(task.queue()).isEqualTo("one");
        assertThat(task.subQueue()).isEqualTo("default");
        assertThat(task.maxRetry()).isEqualTo(3);

        ConsoleApi.Items<ConsoleApi.Task> all = console.call(
                        "GET", tasks + "?queue=one&state=pending&limit=10", console.first(), null)
                .as(new TypeReference<>() {});
        assertThat(all.items()).extracting(ConsoleApi.Task::id).containsExactly(task.id());
        String wait = tasks + "/" + task.id() + "?wait=1";
        assertThat(console.call("GET", wait, console.first(), null).as(ConsoleApi.Task.class))
                .isEqualTo(task);
        String logs = tasks + "/" + task.id() + "/logs";
        assertThat(console.call("GET", logs + "?after=1.0", console.first(), null)
                        .as(ConsoleApi.TaskLogs.class)
                        .items())
                .extracting(ConsoleApi.LogPart::text)
                .containsExactly("a line");
        console.call("GET", logs + "?after=1.0%26workspaceId=x", console.first(), null)
                .is(ProblemCode.BAD_REQUEST);
        console.call("POST", tasks + "/" + task.id() + "/cancel", console.first(), null)
                .as(ConsoleApi.Task.class);

        assertThat(console.keeper.requests)
                .anySatisfy(request -> assertThat(request)
                        .startsWith("POST /internal/v1/tasks ")
                        .contains("\"workspaceId\":", "\"actor\":\"token:", "\"weight\":1", "\"queueRevision\":1"))
                .anySatisfy(request -> assertThat(request).contains("&queueId=", "&state=pending", "&limit=10"))
                .anySatisfy(request -> assertThat(request).contains("&wait=1"))
                .anySatisfy(request -> assertThat(request).contains("/cancel", "\"actor\":\"token:"));
    }

    @Test
    void tasks_are_submitted_in_one_request_with_keys_of_their_own() {
        ConsoleApi.Items<ConsoleApi.Task> made = console.call(
                        "POST",
                        base + "/queues/two/task-batches",
                        console.first(),
                        "{\"tasks\": [{\"payload\": 1, \"subQueue\": \"low\", \"idempotencyKey\": \"a\"},"
                                + " {\"payload\": null, \"subQueue\": \"high\"}]}")
                .as(new TypeReference<>() {});
        assertThat(made.items()).extracting(ConsoleApi.Task::subQueue).containsExactly("low", "high");
        assertThat(console.keeper.requests)
                .anySatisfy(request -> assertThat(request).contains("\"idempotencyKey\":\"a\"", "\"weight\":10"));
        for (String wrong : List.of(
                "{\"tasks\": []}",
                "{\"tasks\": [null]}",
                "{\"tasks\": [{}]}",
                "{\"tasks\": [{\"payload\": 1, \"subQueue\": \"low\", \"idempotencyKey\": \"\\n\"}]}",
                "{\"tasks\": [" + "{\"payload\":1,\"subQueue\":\"low\"},".repeat(1000)
                        + "{\"payload\":1,\"subQueue\":\"low\"}]}")) {
            console.call("POST", base + "/queues/two/task-batches", console.first(), wrong)
                    .is(ProblemCode.BAD_REQUEST);
        }
    }

    @Test
    void payloads_are_held_to_the_queues_input_and_get_its_defaults() {
        console.call(
                        "PUT",
                        base + "/queues/typed",
                        console.first(),
                        "{\"priority\": 1, \"input\": [{\"name\": \"text\", \"type\": \"string\", \"required\": true},"
                                + " {\"name\": \"keep\", \"type\": [\"int\", \"bool\"], \"default\": 2},"
                                + " {\"name\": \"any\", \"required\": false}],"
                                + " \"deployment\": {\"git_url\": \"https://git.example/code.git\","
                                + " \"startup_cmd\": \"python main.py\"}}")
                .as(ConsoleApi.QueueApplied.class);
        String typed = base + "/queues/typed/tasks";
        assertThat(submit(typed, null, null, "{\"text\": \"x\", \"more\": [1]}")
                        .as(ConsoleApi.Task.class)
                        .payload())
                .isEqualTo(Json.readTree("{\"text\":\"x\",\"more\":[1],\"keep\":2}".getBytes(StandardCharsets.UTF_8)));
        submit(typed, null, null, "{\"text\": \"x\", \"keep\": true, \"any\": null}")
                .as(ConsoleApi.Task.class);
        for (String wrong :
                List.of("[]", "null", "{}", "{\"text\": null}", "{\"text\": 1}", "{\"text\": \"x\", \"keep\": 1.5}")) {
            assertThat(submit(typed, null, null, wrong)
                            .is(ProblemCode.BAD_REQUEST)
                            .detail())
                    .contains("typed");
        }
    }

    @Test
    void what_results_are_held_to_goes_along_with_the_task() {
        console.call(
                        "PUT",
                        base + "/queues/giving",
                        console.first(),
                        "{\"priority\": 1, \"output\": [{\"name\": \"count\", \"type\": \"int\", \"required\": true}],"
                                + " \"deployment\": {\"git_url\": \"https://git.example/code.git\","
                                + " \"startup_cmd\": \"python main.py\"}}")
                .as(ConsoleApi.QueueApplied.class);
        submit(base + "/queues/giving/tasks", null, null, "1").as(ConsoleApi.Task.class);
        assertThat(console.keeper.requests)
                .anySatisfy(request -> assertThat(request)
                        .contains("\"output\":[{\"name\":\"count\",\"types\":[\"INT\"],\"required\":true}]"));
    }

    @Test
    void what_the_keeper_says_of_the_callers_own_request_is_passed_on() {
        console.keeper.refusal = ProblemCode.IDEMPOTENCY_CONFLICT;
        try {
            submit(oneLane, null, null, "1").is(ProblemCode.IDEMPOTENCY_CONFLICT);
        } finally {
            console.keeper.refusal = null;
        }
        String id = submit(oneLane, null, null, "1").as(ConsoleApi.Task.class).id();
        console.keeper.running.add(id);
        console.call("POST", tasks + "/" + id + "/retry", console.first(), null).is(ProblemCode.WRONG_STATE);
    }

    @Test
    void a_queue_is_paused_resumed_and_looked_at_by_the_keeper() {
        console.call("POST", base + "/queues/one/pause", console.first(), null).as(ConsoleApi.QueueActivity.class);
        console.call("POST", base + "/queues/one/resume", console.first(), null).as(ConsoleApi.QueueActivity.class);
        console.call("POST", base + "/queues/one/restart", console.first(), null)
                .as(ConsoleApi.QueueActivity.class);
        console.call("GET", base + "/queues/one/activity", console.first(), null)
                .as(ConsoleApi.QueueActivity.class);
        assertThat(console.keeper.requests)
                .anySatisfy(request -> assertThat(request).contains("/pause", "\"queue\":\"one\"", "\"actor\":"))
                .anySatisfy(request -> assertThat(request).contains("/resume"))
                .anySatisfy(request -> assertThat(request).contains("/restart", "\"queue\":\"one\"", "\"actor\":"))
                .anySatisfy(request -> assertThat(request).contains("&name=one"));
        console.call("GET", base + "/queues/none/activity", console.first(), null)
                .is(ProblemCode.QUEUE_NOT_FOUND);
    }

    @Test
    void a_lane_is_named_where_there_is_a_choice() {
        assertThat(submit(twoLanes, null, "high", "1").as(ConsoleApi.Task.class).subQueue())
                .isEqualTo("high");
        assertThat(submit(twoLanes, null, null, "1").is(ProblemCode.BAD_REQUEST).detail())
                .contains("high, low");
        submit(twoLanes, null, "default", "1").is(ProblemCode.BAD_REQUEST);
        submit(oneLane, null, "high", "1").is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void payloads_are_any_json_within_their_budgets() {
        for (String payload : List.of("null", "true", "1234", "\"x\"", "[]", "1.50", nested(64))) {
            JsonNode kept = submit(oneLane, null, null, payload)
                    .as(ConsoleApi.Task.class)
                    .payload();
            assertThat(kept == null ? "null" : kept.toString()).isEqualTo(payload);
        }
        submit(oneLane, null, null, nested(65)).is(ProblemCode.BAD_REQUEST);
        submit(oneLane, null, null, nested(5000)).is(ProblemCode.BAD_REQUEST);
        submit(oneLane, null, null, "\"" + "x".repeat((1 << 20) - 2) + "\"").as(ConsoleApi.Task.class);
        submit(oneLane, null, null, "\"" + "x".repeat((1 << 20) - 1) + "\"").is(ProblemCode.BODY_TOO_LARGE);
        console.call("POST", oneLane, console.first(), "{}").is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_queue_that_is_not_there_gets_no_task() {
        submit(base + "/queues/none/tasks", null, null, "1").is(ProblemCode.QUEUE_NOT_FOUND);
        for (String name : List.of("none", "%00", "")) {
            console.call("GET", tasks + "?queue=" + name, console.first(), null).is(ProblemCode.QUEUE_NOT_FOUND);
        }
        assertThat(console.keeper.requests).isEmpty();
    }

    @Test
    void queries_are_checked() {
        for (String query : List.of("limit=0", "limit=501", "limit=x", "state=lost")) {
            console.call("GET", tasks + "?" + query, console.first(), null).is(ProblemCode.BAD_REQUEST);
        }
        for (String query : List.of("wait=-1", "wait=61", "wait=99999999999")) {
            console.call("GET", tasks + "/" + Bodies.MISSING_ID + "?" + query, console.first(), null)
                    .is(ProblemCode.BAD_REQUEST);
        }
    }

    @Test
    void what_is_no_id_never_reaches_the_keeper() {
        for (String id : List.of("x", "%2e%2e", "..%2f..", Bodies.MISSING_ID + "?workspaceId=1", "%00")) {
            console.call("GET", tasks + "/" + id, console.first(), null);
            console.call("GET", runners + "/" + id, console.first(), null);
        }
        assertThat(console.keeper.requests).allMatch(request -> request.contains(Bodies.MISSING_ID));
    }

    @Test
    void runners_are_listed_shown_and_revoked() {
        String id = console.keeper.addRunner(console.vault(workspace, "v").workspaceId());
        ConsoleApi.Items<ConsoleApi.Runner> all =
                console.call("GET", runners, console.first(), null).as(new TypeReference<>() {});
        assertThat(all.items()).extracting(ConsoleApi.Runner::id).containsExactly(id);
        assertThat(console.call("GET", runners + "/" + id, console.first(), null)
                        .as(ConsoleApi.Runner.class)
                        .state())
                .isEqualTo("online");
        assertThat(console.call("POST", runners + "/" + id + "/revoke", console.first(), null)
                        .as(ConsoleApi.Runner.class)
                        .state())
                .isEqualTo("revoked");
    }

    @Test
    void enrolment_tokens_name_a_site_and_queues() {
        assertThat(enrol("berlin", List.of("one", "*"), null)
                        .as(ConsoleApi.EnrolmentToken.class)
                        .token())
                .startsWith("nse_");
        assertThat(console.keeper.requests)
                .last()
                .satisfies(request ->
                        assertThat(request).contains("\"expiresInSecs\":3600", "\"queues\":[\"one\",\"*\"]"));
        enrol("ber/lin", List.of("*"), null).is(ProblemCode.INVALID_NAME);
        enrol("berlin", List.of("a.b"), null).is(ProblemCode.INVALID_NAME);
        enrol("berlin", List.of(), null).is(ProblemCode.BAD_REQUEST);
        enrol("berlin", List.of("*"), 59).is(ProblemCode.BAD_REQUEST);
        enrol("berlin", List.of("*"), 604_801).is(ProblemCode.BAD_REQUEST);
        console.call("POST", base + "/enrolment-tokens", console.first(), "{\"site\":\"b\",\"queues\":[null]}")
                .is(ProblemCode.BAD_REQUEST);
    }

    private Answer submit(String path, @Nullable String type, @Nullable String lane, String payload) {
        String text = Json.MAPPER
                .createObjectNode()
                .put("type", type)
                .put("subQueue", lane)
                .toString();
        return console.call(
                "POST", path, console.first(), text.substring(0, text.length() - 1) + ",\"payload\":" + payload + "}");
    }

    private Answer enrol(String site, List<String> queues, @Nullable Integer expiry) {
        return console.call(
                "POST",
                base + "/enrolment-tokens",
                console.first(),
                new ConsoleApi.NewEnrolmentToken(site, queues, expiry));
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }
}
