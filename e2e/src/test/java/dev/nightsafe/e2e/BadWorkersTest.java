package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** Programs that don't do as they should: each is said clearly, leaks nothing, loses no task and disturbs no other queue. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadWorkersTest {
    private static final Playground PLAY = new Playground();
    private static final String CANARY = "canary7d1b0942e6c5";
    private static final String NOWHERE = "http://127.0.0.1:1/nowhere.git";
    private static final List<String> TASKS = new ArrayList<>();

    private static String bad = "";

    @BeforeAll
    static void start() {
        bad = PLAY.program("bad");
        PLAY.up(List.of(bad, PLAY.program("fingerprint"), NOWHERE));
        PLAY.set("canary", "CANARY", CANARY);
        PLAY.apply("good", bad, "python main.py", "[canary]", "");
    }

    @AfterAll
    static void stop() {
        PLAY.close();
    }

    @AfterEach
    void another_queue_goes_on() {
        assertThat(ended("good", "good").get("result").asString()).isEqualTo("good");
    }

    @Test
    void garbage_on_standard_output_disturbs_nothing_and_is_logged_without_the_secret() {
        apply("garbage", "");
        assertThat(ended("garbage", "garbage").get("result").asString()).isEqualTo("after garbage");
        assertThat(log("garbage")).contains("1.out hello", "1.out {", "********");
    }

    @Test
    void a_flood_of_output_is_bounded_and_the_task_still_ends() {
        apply("flood", "");
        assertThat(ended("flood", "flood").get("result").asString()).isEqualTo("after the flood");
        assertThat(log("flood"))
                .contains("1.out ********xxx", "1.err ********xxx", "a line of more than 2097152 bytes was dropped")
                .hasSizeLessThan(4 << 20); // each line is cut
    }

    @Test
    void a_worker_that_dies_in_the_middle_fails_its_attempt_and_the_task_goes_to_the_next() {
        apply("die", "limits: {max_retry: 1}");
        JsonNode again = PLAY.ended(submit("die", Map.of("do", "die", "times", 1)));
        assertThat(again.get("result").asString()).isEqualTo("good");
        assertThat(again.get("attempt").asInt()).isEqualTo(2);
        apply("die-once", "");
        JsonNode failed = ended("die-once", "die");
        assertThat(failed.get("state").asString()).isEqualTo("failed");
        assertThat(failed.get("error").asString()).isEqualTo("worker exited with 7");
        assertThat(ended("die-once", "good").get("result").asString()).isEqualTo("good");
    }

    @Test
    void an_answer_with_a_wrong_id_fails_the_attempt_and_the_worker_is_started_again() {
        apply("wrong", "limits: {max_retry: 1}");
        JsonNode again = PLAY.ended(submit("wrong", Map.of("do", "wrong", "times", 1)));
        assertThat(again.get("result").asString()).isEqualTo("good");
        assertThat(again.get("attempt").asInt()).isEqualTo(2);
        apply("wrong-once", "");
        JsonNode failed = ended("wrong-once", "wrong");
        assertThat(failed.get("state").asString()).isEqualTo("failed");
        assertThat(failed.get("error").asString()).contains("a task that it didn't have (wrong task_id)");
        assertThat(log("wrong-once")).contains("(wrong task_id); it is ended");
        assertThat(ended("wrong-once", "good").get("result").asString()).isEqualTo("good");
    }

    @Test
    void a_result_that_is_nested_too_deep_fails_its_task_for_good() {
        apply("deep", "limits: {max_retry: 3}");
        JsonNode failed = ended("deep", "deep");
        assertThat(failed.get("state").asString()).isEqualTo("failed");
        assertThat(failed.get("error").asString()).contains("the result can't be passed on", "64 levels");
    }

    @Test
    void of_two_answers_the_first_counts() {
        apply("twice", "");
        String answered = ended("twice", "twice").get("id").asString();
        for (int i = 0; i < 3; i++) {
            assertThat(ended("twice", "twice").get("result").asString()).isEqualTo("first");
        }
        assertThat(ended("twice", "good").get("result").asString()).isEqualTo("good");
        assertThat(log("twice")).contains("another answer to task " + answered + " was ignored");
    }

    @Test
    void a_worker_that_never_answers_is_ended_when_its_task_is_cancelled_and_the_next_task_goes_on() {
        apply("silent", "");
        String task = submit("silent", Map.of("do", "silent"));
        PLAY.await(task, "its progress", now -> now.get("progress").toString().contains("working with ********"));
        PLAY.nightsafe.run("task", "cancel", task);
        assertThat(PLAY.ended(task).get("state").asString()).isEqualTo("cancelled");
        assertThat(ended("silent", "good").get("result").asString()).isEqualTo("good");
    }

    @Test
    void a_worker_that_never_gets_ready_is_said_and_its_task_waits() {
        apply("never", "never-ready", "startup_timeout_secs: 1");
        String task = submit("never", Map.of("do", "good"));
        assertThat(PLAY.waiting(task, "not ready within 1 s").get("attempt").asInt())
                .isZero();
        assertThat(log("never")).contains("not ready within 1 s", "loading with ********");
        apply("never", "");
        assertThat(PLAY.ended(task).get("result").asString()).isEqualTo("good");
    }

    @Test
    void a_worker_that_says_why_it_cannot_start_is_heard_and_its_task_waits() {
        apply("unable", "no-start", "");
        String task = submit("unable", Map.of("do", "good"));
        assertThat(PLAY.waiting(task, "no model for ********").get("attempt").asInt())
                .isZero();
        assertThat(PLAY.nightsafe.run("task", "show", task).text()).contains("no model for ********");
        apply("unable", "");
        assertThat(PLAY.ended(task).get("result").asString()).isEqualTo("good");
    }

    @Test
    void a_repository_out_of_reach_is_said_and_its_task_waits() {
        PLAY.apply("unreachable", NOWHERE, "python main.py", "[canary]", "");
        String task = submit("unreachable", Map.of("do", "good"));
        String reason = PLAY.waiting(task, "git can't fetch").get("reason").asString();
        assertThat(reason).contains("nowhere.git");
        assertThat(log("unreachable")).contains("127.0.0.1");
        PLAY.apply("unreachable", bad, "python main.py", "[canary]", "");
        assertThat(PLAY.ended(task).get("result").asString()).isEqualTo("good");
    }

    @Test
    void a_value_that_fits_no_variable_is_said_and_its_task_waits() {
        Map<String, byte[]> values = Map.of(
                "isn't UTF-8 text", (CANARY + "\u00ff").getBytes(StandardCharsets.ISO_8859_1),
                "holds a NUL byte", (CANARY + "\0").getBytes(StandardCharsets.UTF_8));
        values.forEach((message, value) -> {
            String queue = "unfit-" + message.charAt(0);
            PLAY.set(queue, "UNFIT", value);
            PLAY.apply(queue, bad, "python main.py", "[canary, " + queue + "]", "");
            String task = submit(queue, Map.of("do", "good"));
            String reason = PLAY.waiting(task, message).get("reason").asString();
            assertThat(reason).contains("'UNFIT' of vault '" + queue + "'", "as: file");
            PLAY.set(queue, "UNFIT", "fits now");
            assertThat(PLAY.ended(task).get("result").asString()).isEqualTo("good");
        });
    }

    @Test
    void a_task_whose_vault_is_not_released_waits_uncounted_until_it_is() {
        for (String mode : List.of("one_shot", "long_running")) {
            String queue = "closed-" + mode;
            apply(queue, "mode: " + mode);
            assertThat(ended(queue, "good").get("result").asString()).isEqualTo("good");
            PLAY.nightsafe.run("vault", "disallow", "canary", "--queue", queue);
            if (mode.equals("long_running")) { // the worker that it was released to goes on until it ends
                assertThat(ended(queue, "die").get("state").asString()).isEqualTo("failed");
            }
            String task = submit(queue, Map.of("do", "good"));
            JsonNode waiting = PLAY.waiting(task, "is not released to queue '" + queue + "'");
            assertThat(waiting.get("attempt").asInt()).isZero();
            assertThat(PLAY.nightsafe.run("task", "show", task).text()).contains("nightsafe vault allow canary");
            PLAY.nightsafe.run("vault", "allow", "canary", "--queue", queue, "--yes");
            JsonNode done = PLAY.ended(task);
            assertThat(done.get("result").asString()).isEqualTo("good");
            assertThat(done.get("attempt").asInt()).isEqualTo(1);
        }
        assertThat(PLAY.audit()).contains("not-released");
    }

    @Test
    void deleting_a_queue_strands_no_task_and_deleting_a_vault_leaves_no_opening_key() {
        PLAY.set("doomed", "KEY", "value");
        PLAY.apply("doomed", NOWHERE, "python main.py", "[doomed]", "");
        String task = submit("doomed", Map.of("do", "good"));
        Installation.Outcome kept = PLAY.nightsafe.attempt(new byte[0], "queue", "delete", "doomed");
        assertThat(kept.exitCode()).isEqualTo(5);
        assertThat(kept.stderr()).contains("queue 'doomed' has tasks that are pending", "--force");
        PLAY.nightsafe.run("queue", "delete", "doomed", "--force");
        assertThat(PLAY.ended(task).get("state").asString()).isEqualTo("cancelled");
        PLAY.nightsafe.run("vault", "delete", "doomed", "--force");
        assertThat(PLAY.audit()).contains("vault.erase");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void afterwards_nothing_has_leaked_and_the_main_job_is_done() {
        StringBuilder all = new StringBuilder(PLAY.audit()).append(PLAY.logs());
        TASKS.forEach(task ->
                all.append(PLAY.get(Playground.DEFAULT + "/tasks/" + task).text()));
        all.append(PLAY.get(Playground.DEFAULT + "/runners").text());
        all.append(PLAY.nightsafe.run("runner", "sent", "-n", "100000").text());
        assertThat(all.indexOf(CANARY)).isNegative();
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(CANARY.getBytes(StandardCharsets.UTF_8));
        assertThat(all.indexOf(base64.substring(0, base64.length() - 1))).isNegative();
        assertThat(all.indexOf("********")).isPositive();
        PLAY.requireWhole();
    }

    /** A queue of the bad program, with the canary in its environment. */
    private static void apply(String queue, String more) {
        apply(queue, "", more);
    }

    private static void apply(String queue, String argument, String more) {
        PLAY.apply(queue, bad, "python main.py " + argument, "[canary]", more);
    }

    private static String submit(String queue, Map<String, Object> payload) {
        String task = PLAY.submit(queue, payload);
        TASKS.add(task);
        return task;
    }

    private static JsonNode ended(String queue, String doing) {
        return PLAY.ended(submit(queue, Map.of("do", doing)));
    }

    private static String log(String queue) {
        return PLAY.nightsafe.run("runner", "logs", queue, "-n", "1000").text();
    }
}
