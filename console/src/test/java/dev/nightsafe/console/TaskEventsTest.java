package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Live progress. */
class TaskEventsTest extends ConsoleTest {
    private String events = "";

    @BeforeEach
    void submit() {
        console.call("PUT", base + "/queues/q", console.first(), QueuesTest.queue());
        String id = console.call("POST", base + "/queues/q/tasks", console.first(), "{\"payload\": \"s3cret\"}")
                .as(ConsoleApi.Task.class)
                .id();
        events = base + "/tasks/" + id + "/events";
        console.keeper.changes.reset();
    }

    @Test
    void the_present_state_comes_at_once_and_each_change_after_it_until_the_end() throws Exception {
        try (BufferedReader stream = open(console.first())) {
            assertThat(event(stream)).isEqualTo("state pending null");
            console.keeper.changes.make("running/");
            assertThat(event(stream)).isEqualTo("state running null");
            console.keeper.changes.make("running/half");
            assertThat(event(stream)).isEqualTo("progress running half");
            console.keeper.changes.make("succeeded/half");
            assertThat(event(stream)).isEqualTo("state succeeded half");
            assertThat(event(stream)).isEqualTo("result-ready succeeded half");
            assertThat(stream.readLine()).isNull();
        }
    }

    @Test
    void those_who_watch_the_same_task_share_one_question() throws Exception {
        List<BufferedReader> streams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            streams.add(open(console.first()));
            assertThat(event(streams.get(i))).startsWith("state pending");
        }
        assertThat(console.keeper.changes.waited(1)).isEqualTo(1);
        console.keeper.changes.make("running/");
        for (BufferedReader stream : streams) {
            assertThat(event(stream)).startsWith("state running");
        }
        assertThat(console.keeper.changes.waited(2)).isEqualTo(2);
        console.keeper.changes.make("succeeded/");
        for (BufferedReader stream : streams) {
            assertThat(event(stream)).startsWith("state succeeded");
            stream.close();
        }
        assertThat(console.keeper.changes.waited(2)).isEqualTo(2);
    }

    @Test
    void whose_token_was_revoked_sees_no_more() throws Exception {
        ConsoleApi.CreatedToken token =
                console.token(workspace, new ConsoleApi.NewToken("watcher", null, List.of("task.read"), null));
        try (BufferedReader stream = open(token.token())) {
            assertThat(event(stream)).isEqualTo("state pending null");
            console.keeper.changes.make("running/");
            assertThat(event(stream)).isEqualTo("state running null");
            console.call("DELETE", base + "/tokens/" + token.info().id(), console.first(), null);
            console.keeper.changes.make("running/secret of later");
            assertThat(stream.readLine()).isNull();
        }
    }

    @Test
    void what_is_no_task_here_is_a_problem_and_no_stream() {
        console.call("GET", base + "/tasks/" + Bodies.MISSING_ID + "/events", console.first(), null)
                .is(ProblemCode.NOT_FOUND);
        console.call("GET", events, console.token(workspace, Permission.QUEUE_READ), null)
                .is(ProblemCode.FORBIDDEN);
    }

    @Test
    void who_is_asked_for_too_much_says_when_to_try_again() {
        console.keeper.refusal = ProblemCode.OVERLOADED;
        try {
            Answer answer = console.call("POST", base + "/queues/q/tasks", console.first(), "{\"payload\": 1}");
            answer.is(ProblemCode.OVERLOADED);
            assertThat(answer.headers().get("retry-after")).containsExactly("5");
        } finally {
            console.keeper.refusal = null;
        }
    }

    private BufferedReader open(String token) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = console.http.send(
                HttpRequest.newBuilder(console.console.address().resolve(events))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static String event(BufferedReader stream) throws IOException {
        String name = String.valueOf(stream.readLine());
        String data = String.valueOf(stream.readLine());
        assertThat(stream.readLine()).isEmpty();
        assertThat(name).startsWith("event: ");
        ConsoleApi.Task task =
                Json.read(data.substring("data: ".length()).getBytes(StandardCharsets.UTF_8), ConsoleApi.Task.class);
        assertThat(String.valueOf(task.payload())).isEqualTo("null");
        return name.substring("event: ".length()) + " " + task.state() + " " + task.progress();
    }
}
