package dev.nightsafe.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The protocol, spoken by real programs. */
class ConversationTest {
    private static final Path CONVERSATION = Path.of("..", "..", "spec", "task-conversation.jsonl");

    @Test
    void each_answer_is_what_the_shared_conversation_expects() throws IOException {
        List<Map<?, ?>> turns = Files.readAllLines(CONVERSATION).stream()
                .<Map<?, ?>>map(line -> (Map<?, ?>) read(line))
                .toList();
        try (FakeRunner worker = new FakeRunner(Map.of("OPENAI_API_KEY", "key"), "SharedConversation")) {
            worker.ready();
            for (Map<?, ?> turn : turns) {
                worker.sendLine(
                        turn.get("task") instanceof String text
                                ? text.getBytes(StandardCharsets.UTF_8)
                                : JsonText.write(turn.get("task")));
                require(turn, worker.answer());
            }
            assertThat(worker.end()).isZero();
            assertThat(worker.nothingMore()).isTrue();
            assertThat(worker.garbage).isEmpty();
            assertThat(worker.log()).contains("loading").contains("working");
        }
    }

    private static void require(Map<?, ?> turn, Map<String, @Nullable Object> answer) {
        Map<?, ?> expected = Objects.requireNonNull((Map<?, ?>) turn.get("answer"));
        Map<String, @Nullable Object> wanted = new LinkedHashMap<>();
        Object id = turn.get("task") instanceof Map<?, ?> task ? task.get("task_id") : null;
        wanted.put("task_id", id == null ? "unknown" : id);
        wanted.put("result", null);
        wanted.put("retry", false);
        wanted.put("failed", false);
        expected.forEach((name, value) -> wanted.put((String) name, value));
        Object mentions = wanted.remove("mentions");
        Map<String, @Nullable Object> counts = new LinkedHashMap<>(answer);
        Object error = counts.remove("error");
        counts.put("failed", error != null || Boolean.TRUE.equals(answer.get("retry")));
        assertThat(counts).as("%s", turn).isEqualTo(wanted);
        assertThat(String.valueOf(error)).contains(mentions == null ? "" : mentions.toString());
    }

    @Test
    void without_its_secret_it_says_so_instead_of_ready() {
        try (FakeRunner worker = new FakeRunner(Map.of(), "SharedConversation")) {
            assertThat(worker.refused())
                    .startsWith("load failed: NullPointerException: OPENAI_API_KEY isn't set")
                    .contains("at programs.SharedConversation.key")
                    .doesNotContain("dev.nightsafe.sdk");
        }
    }

    @Test
    void a_type_goes_to_its_handler_with_what_was_loaded_and_what_the_task_is() {
        try (FakeRunner worker = various()) {
            assertThat(worker.result("about", null)).isEqualTo(List.of("loaded", "t1", "about", "q.default", 1L, 3L));
            assertThat(worker.result("thread", null)).isEqualTo(true);
            assertThat(worker.result("order", Map.of("item", "tea", "count", 2)))
                    .isEqualTo(mapWithNull(Map.of("item", "tea", "count", 2L), "note"));
            assertThat(worker.error("order", Map.of("item", "tea")))
                    .isEqualTo("PayloadException: payload.count is missing");
            assertThat(worker.error("order", Map.of("item", "tea", "count", 0)))
                    .isEqualTo("PayloadException: payload: count must be 1 or more");
            assertThat(worker.error("other", 1)).startsWith("PayloadException: no handler for task type 'other'");
            assertThat(worker.end()).isZero();
        }
    }

    @Test
    void what_the_program_prints_goes_to_the_log_and_it_reads_nothing() {
        try (FakeRunner worker = various()) {
            assertThat(worker.result("print", 1)).isEqualTo(-1L);
            assertThat(worker.end()).isZero();
            assertThat(worker.nothingMore()).isTrue();
            assertThat(worker.garbage).containsExactly("before it begins");
            assertThat(worker.log()).contains("no line end").contains("{\"status\":\"ready\"}");
        }
    }

    @Test
    void whatever_a_handler_throws_is_an_answer_with_the_programs_own_trace() {
        try (FakeRunner worker = various()) {
            assertThat(worker.error("throw", "checked"))
                    .startsWith("IOException: no tea\n\njava.io.IOException: no tea\n\tat programs.Various.failure")
                    .contains("Caused by: java.lang.IllegalStateException: no water")
                    .doesNotContain("dev.nightsafe.sdk");
            assertThat(worker.error("throw", "error")).startsWith("StackOverflowError\n");
            assertThat(worker.error("throw", "mute")).endsWith(": (its message can't be shown)");
            assertThat(worker.error("throw", "odd")).startsWith("IllegalArgumentException: \\udcff\n");
        }
    }

    @Test
    void a_line_that_is_no_task_is_answered_without_its_words_and_the_next_works() {
        try (FakeRunner worker = various()) {
            for (String line : List.of("{", "[1]", "7", "[".repeat(100_000), "{\"a\":1}{", "{\"a\":NaN}", "SECRET")) {
                worker.sendLine(line.getBytes(StandardCharsets.UTF_8));
                Map<String, @Nullable Object> answer = worker.answer();
                assertThat(answer).containsEntry("task_id", "unknown").containsEntry("retry", false);
                assertThat(String.valueOf(answer.get("error")))
                        .startsWith("Invalid JSON input: ")
                        .doesNotContain("SECRET");
            }
            worker.sendLine(new byte[] {' ', '\r'});
            worker.sendLine("{\"task_id\":7,\"type\":\"thread\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(worker.answer()).containsEntry("task_id", 7L).containsEntry("result", true);
        }
    }

    @Test
    void a_last_line_without_its_end_is_a_task() throws IOException {
        try (FakeRunner worker = various()) {
            worker.process.getOutputStream().write("{\"type\":\"thread\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(worker.end()).isZero();
            assertThat(worker.answer()).containsEntry("result", true);
        }
    }

    @Test
    void run_once_answers_one_task_and_ends() {
        try (FakeRunner worker = new FakeRunner(Map.of(), "Various", "once").ready()) {
            assertThat(worker.result("thread", null)).isEqualTo(true);
            assertThat(worker.ended()).isZero();
        }
    }

    @Test
    void a_program_that_can_not_work_says_so_instead_of_ready() {
        assertThat(refusal("no handler")).isEqualTo("the program has no handler; call handle(…) before run()");
        assertThat(refusal("payload"))
                .isEqualTo("Timed.times has the type java.time.Instant, which can't be filled from JSON");
        assertThat(refusal("load"))
                .startsWith("load failed: IllegalStateException: no model\n\n")
                .contains("at programs.Unable.load");
    }

    @Test
    void a_mistake_in_the_program_is_in_its_log() {
        try (FakeRunner worker = new FakeRunner(Map.of(), "Unable", "twice")) {
            assertThat(worker.ended()).isEqualTo(1);
            assertThat(worker.log()).contains("task type 'a' already has a handler");
        }
    }

    private static String refusal(String program) {
        try (FakeRunner worker = new FakeRunner(Map.of(), "Unable", program)) {
            return worker.refused();
        }
    }

    private static FakeRunner various() {
        return new FakeRunner(Map.of(), "Various").ready();
    }

    private static Map<String, @Nullable Object> mapWithNull(Map<String, Object> map, String name) {
        Map<String, @Nullable Object> made = new LinkedHashMap<>(map);
        made.put(name, null);
        return made;
    }

    private static @Nullable Object read(String line) {
        return JsonText.read(line.getBytes(StandardCharsets.UTF_8));
    }
}
