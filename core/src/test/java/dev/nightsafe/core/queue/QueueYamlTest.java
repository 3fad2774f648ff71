package dev.nightsafe.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.Seeds;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment.As;
import dev.nightsafe.core.queue.Deployment.KeyRef;
import dev.nightsafe.core.queue.Deployment.Mode;
import dev.nightsafe.core.queue.Deployment.SecretRef;
import dev.nightsafe.core.queue.Deployment.VaultRef;
import dev.nightsafe.core.queue.QueueDefinition.Limits;
import dev.nightsafe.core.queue.QueueDefinition.SubQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class QueueYamlTest {
    private static final Path CORPUS = Path.of("src/test/resources/queues");
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String BODY = "{priority: 1, deployment: {git_url: /srv/a, startup_cmd: x}}";

    @TempDir
    Path folder;

    @Test
    void the_example_of_runqys_documents_is_read_unmodified() {
        assertThat(QueueYaml.parsePath(CORPUS.resolve("good/runqy-vaults.yaml")))
                .singleElement()
                .satisfies(queue -> {
                    assertThat(queue.name()).isEqualTo("inference");
                    assertThat(queue.subQueues()).containsExactly(new SubQueue("default", 6));
                    assertThat(queue.limits()).isEqualTo(Limits.DEFAULT);
                    assertThat(queue.deployment())
                            .isEqualTo(new Deployment(
                                    "https://github.com/example/inference.git",
                                    "main",
                                    "",
                                    "python main.py",
                                    Mode.LONG_RUNNING,
                                    300,
                                    false,
                                    List.of(new VaultRef("api-keys", ""), new VaultRef("model-credentials", "")),
                                    List.of(),
                                    null,
                                    Disclosure.USUAL,
                                    Renewal.USUAL));
                });
    }

    @Test
    void every_field_arrives_with_its_meaning() {
        QueueDefinition queue =
                QueueYaml.parsePath(CORPUS.resolve("good/everything.yaml")).getFirst();
        assertThat(queue.subQueues()).containsExactly(new SubQueue("high", 6), new SubQueue("low", 1));
        assertThat(queue.limits()).isEqualTo(new Limits(0, 86_400, 604_800, 5_400, 600));
        Deployment deployment = queue.deployment();
        assertThat(deployment.codePath()).isEqualTo("services/api");
        assertThat(deployment.mode()).isEqualTo(Mode.ONE_SHOT);
        assertThat(deployment.startupTimeoutSecs()).isEqualTo(60);
        assertThat(CommandLine.split(deployment.startupCmd()))
                .containsExactly("python", "-m", "inference server", "--name", "its", "--flag");
        assertThat(deployment.secrets())
                .containsExactly(
                        new SecretRef(key("api-keys", "OPENAI_API_KEY"), As.ENV, "OPENAI_API_KEY"),
                        new SecretRef(key("tls", "server.key"), As.FILE, "TLS_KEY_FILE"));
        assertThat(deployment.gitToken()).isEqualTo(key("git-access", "token"));
        assertThat(deployment.allVaults())
                .extracting(VaultRef::name)
                .containsExactly("shared-secrets", "project_secrets", "api-keys", "tls", "git-access");
    }

    @Test
    void a_definition_as_json_makes_the_same_queue_again_and_passes_the_schema() {
        Seeds.forEach(500, random -> {
            Map<String, Object> definition = new RandomQueues(random).definition();
            QueueDefinition queue = QueueYaml.parseOne("q", MAPPER.writeValueAsString(definition));
            assertThat(queue.definition()).isEqualTo(definition);
            assertThat(QueueSchema.problems(Map.of("queues", Map.of("q", definition))))
                    .isEmpty();
            assertThat(QueueYaml.parseOne("q", MAPPER.writeValueAsString(queue.definition())))
                    .isEqualTo(queue);
            assertThat(QueueYaml.parse("f", "queues: {q: " + MAPPER.writeValueAsString(definition) + "}"))
                    .containsExactly(queue);
        });
    }

    @Test
    void every_file_of_the_corpus_makes_the_same_queues_from_its_definitions() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve("good"))) {
            for (Path file : files.toList()) {
                for (QueueDefinition queue : QueueYaml.parsePath(file)) {
                    String json = MAPPER.writeValueAsString(queue.definition());
                    assertThat(QueueYaml.parseOne(queue.name(), json)).isEqualTo(queue);
                }
            }
        }
    }

    @Test
    void a_damaged_file_is_either_read_or_refused_with_a_place() throws IOException {
        byte[] whole = Files.readAllBytes(CORPUS.resolve("good/everything.yaml"));
        Seeds.forEach(1_000, random -> {
            byte[] bytes = damaged(whole, random);
            try {
                QueueYaml.parse("f.yaml", new String(bytes, StandardCharsets.UTF_8));
            } catch (NightsafeException e) {
                assertThat(e.code()).isEqualTo(ProblemCode.INVALID_QUEUE);
                assertThat(String.valueOf(e.getMessage()).lines())
                        .allMatch(line -> line.matches("f\\.yaml:\\d+:\\d+: .+"));
            }
        });
    }

    @Test
    void a_folder_is_read_file_by_file_in_order_of_names() throws IOException {
        write("b.yaml", "queues: {second: " + BODY + "}");
        write("a.yml", "queues: {first: " + BODY + "}");
        write("notes.txt", "no queue");
        Files.createDirectory(folder.resolve("c.yaml"));
        assertThat(QueueYaml.parsePath(folder))
                .extracting(QueueDefinition::name)
                .containsExactly("first", "second");
    }

    @Test
    void a_queue_in_two_files_is_an_error_that_names_both() throws IOException {
        write("a.yaml", "queues:\n  x: " + BODY);
        write("b.yaml", "queues:\n  x: " + BODY);
        assertThatThrownBy(() -> QueueYaml.parsePath(folder))
                .hasMessage(folder.resolve("b.yaml") + ":2:3: queue 'x' is also at " + folder.resolve("a.yaml")
                        + ":2:3; keep one or rename it");
    }

    @Test
    void faults_of_all_files_of_a_folder_are_told_together() throws IOException {
        write("a.yaml", "queues: {x: }");
        write("b.yaml", "");
        write("c.yaml", "queues: {y: " + BODY + "}");
        assertThatThrownBy(() -> QueueYaml.parsePath(folder))
                .hasMessageContainingAll("a.yaml:1:12: queue 'x': must have fields", "b.yaml:1:1: the file is empty");
    }

    @Test
    void a_path_without_queue_files_says_so() throws IOException {
        assertThatThrownBy(() -> QueueYaml.parsePath(folder)).hasMessageContaining("no *.yaml and no *.yml");
        assertThatThrownBy(() -> QueueYaml.parsePath(folder.resolve("absent.yaml")))
                .hasMessageContaining("absent.yaml:1:1: can't be read (NoSuchFileException)");
    }

    @Test
    void a_file_that_is_no_utf8_is_refused_at_its_first_bad_byte() throws IOException {
        Files.write(folder.resolve("latin1.yaml"), "queues:\n  # für\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> QueueYaml.parsePath(folder.resolve("latin1.yaml")))
                .hasMessageContaining("latin1.yaml:2:6: not UTF-8");
    }

    @Test
    void twenty_faults_are_shown_and_the_others_counted() {
        String text = "queues:\n"
                + IntStream.range(0, 25).mapToObj(i -> "  q" + i + ": 5\n").collect(Collectors.joining());
        String said = faultsOf(text);
        assertThat(said.lines()).hasSize(21);
        assertThat(said).endsWith("\nand 5 more");
    }

    @Test
    void a_thousand_queues_are_read_and_one_more_is_not() {
        assertThat(QueueYaml.parse("f", queues(1_000))).hasSize(1_000);
        assertThat(faultsOf(queues(1_001))).isEqualTo("f:2:3: queues has more than 1000 queues; use several files");
    }

    @Test
    void a_file_over_one_mebibyte_is_refused() {
        String text = "queues: {x: " + BODY + "}\n";
        String largest = text + "#".repeat((1 << 20) - text.length());
        assertThat(QueueYaml.parse("f", largest)).hasSize(1);
        assertThat(faultsOf(largest + "#")).isEqualTo("f:1:1: larger than 1 MiB; use several files");
        assertThat(faultsOf(text + "#" + "ü".repeat(1 << 19))).contains("larger than 1 MiB");
    }

    @Test
    void nesting_is_taken_to_32_levels() {
        assertThat(QueueYaml.parseOne("q", nested(27))).isNotNull();
        assertThat(catchThrowableOfType(NightsafeException.class, () -> QueueYaml.parseOne("q", nested(30))))
                .hasMessageContaining("deeper than 32 levels");
    }

    @Test
    void a_hundred_aliases_are_taken_and_one_more_is_not() {
        String text = "queues:\n  q:\n    priority: 1\n    deployment: {git_url: &a /srv/a, startup_cmd: x}\n"
                + "    input: [{name: i, default: [";
        assertThat(QueueYaml.parse("f", text + "*a ,".repeat(100) + "]}]")).hasSize(1);
        assertThat(faultsOf(text + "*a ,".repeat(101) + "]}]")).contains("more than 100 aliases");
        String lists = text.replace("&a /srv/a", "/srv/a").replace("default: [", "default: [&a [x], ");
        assertThat(QueueYaml.parse("f", lists + "*a ,".repeat(100) + "]}]")).hasSize(1);
        assertThat(faultsOf(lists + "*a ,".repeat(101) + "]}]")).contains("f:").contains("more than 100 aliases");
    }

    @Test
    void input_that_is_made_to_be_expensive_is_refused_at_once() {
        for (String part :
                List.of("[", "{", "- ", "? ", "&a ", "!a ", "\"", "'", "a: ", "*a", "[[]", "\n-", "{a: [", "%", "|")) {
            assertThat(faultsOf(part.repeat((1 << 20) / part.length()))).startsWith("f:");
        }
        assertThat(faultsOf("queues: [" + "1,".repeat(100_001) + "]")).contains("more than 100000 values");
    }

    @Test
    void one_queue_is_read_from_json_and_from_yaml() {
        QueueDefinition queue = QueueYaml.parseOne(
                "inference", "{\"priority\": 1, \"deployment\": {\"git_url\": \"/srv/a\", \"startup_cmd\": \"x\"}}");
        assertThat(queue.name()).isEqualTo("inference");
        assertThat(QueueYaml.parseOne("inference", "priority: 1\ndeployment: {git_url: /srv/a, startup_cmd: x}"))
                .isEqualTo(queue);
    }

    @Test
    void faults_of_one_queue_are_placed_by_its_name() {
        assertThatThrownBy(() -> QueueYaml.parseOne("inference", "{\"priority\": 1, \"deployment\": {}}"))
                .hasMessageStartingWith("inference:1:17: queue 'inference': deployment.git_url is required");
        assertThatThrownBy(() -> QueueYaml.parseOne("inference", "")).hasMessageContaining("inference:1:1: ");
        assertThatThrownBy(() -> QueueYaml.parseOne("a.b", BODY))
                .hasMessageContaining("queue name 'a.b' cannot contain '.'");
    }

    @Test
    void a_definition_can_not_be_changed() {
        QueueDefinition queue = QueueYaml.parseOne("q", BODY);
        assertThatThrownBy(() -> queue.definition().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] = (byte)
                    (random.nextBoolean() ? random.nextInt(128) : "{}[]&*!|>'\"%@`-:? \n".charAt(random.nextInt(19)));
        }
        return bytes;
    }

    private static String queues(int count) {
        return "queues:\n"
                + IntStream.range(0, count)
                        .mapToObj(i -> "  q" + i + ": " + BODY + "\n")
                        .collect(Collectors.joining());
    }

    private static String nested(int levels) {
        return "{priority: 1, deployment: {git_url: /srv/a, startup_cmd: x}, input: [{name: a, default: "
                + "[".repeat(levels) + "]".repeat(levels) + "}]}";
    }

    private static String faultsOf(String text) {
        return String.valueOf(catchThrowableOfType(NightsafeException.class, () -> QueueYaml.parse("f", text))
                .getMessage());
    }

    private static KeyRef key(String vault, String key) {
        return new KeyRef(new VaultRef(vault, ""), key);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
