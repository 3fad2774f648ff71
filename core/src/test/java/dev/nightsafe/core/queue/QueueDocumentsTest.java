package dev.nightsafe.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reference for people and the schema for editors say what the parser does. */
class QueueDocumentsTest {
    private static final Map<String, List<String>> FIELDS = Map.of(
            "/properties", QueueFields.FILE,
            "/$defs/queue/properties", QueueFields.QUEUE,
            "/$defs/queue/properties/sub_queues/items/properties", QueueFields.SUB_QUEUE,
            "/$defs/deployment/properties", QueueFields.DEPLOYMENT,
            "/$defs/deployment/properties/secrets/items/properties", QueueFields.SECRET,
            "/$defs/deployment/properties/limits/properties", QueueFields.LIMITS,
            "/$defs/queue/properties/schedule/items/properties", QueueFields.SCHEDULE,
            "/$defs/fields/items/properties", QueueFields.FIELD);

    @Test
    void the_schema_has_the_same_fields_as_the_parser() throws IOException {
        JsonNode schema = new JsonMapper().readTree(Files.readString(Path.of("../spec/queue.schema.json")));
        FIELDS.forEach((pointer, fields) ->
                assertThat(schema.at(pointer).propertyNames()).containsExactlyInAnyOrderElementsOf(fields));
    }

    @Test
    void the_reference_names_every_field() throws IOException {
        String reference = reference();
        FIELDS.values().forEach(fields -> assertThat(fields).allMatch(reference::contains));
    }

    @Test
    void the_example_of_the_reference_is_taken() throws IOException {
        assertThat(QueueYaml.parse("docs/queues.md", block("yaml")))
                .extracting(QueueDefinition::name)
                .containsExactly("summarize", "reports");
    }

    @Test
    void the_errors_of_the_reference_are_what_is_said() throws IOException {
        String text = """
                queues:
                  summarize:
                    vaults: [api-keys]
                    priority: 1
                    deployment:
                      git-url: https://github.com/example/summarize.git
                      startup_cmd: python main.py
                      git_url: https://user:password@github.com/example/summarize.git
                """;
        assertThatThrownBy(() -> QueueYaml.parse("example.yaml", text))
                .hasMessage(block("errors").strip());
    }

    @Test
    void every_example_is_taken() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
            List<Path> examples =
                    files.filter(file -> file.endsWith("queue.yaml")).toList();
            assertThat(examples)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(QueueYaml.parsePath(file)).isNotEmpty());
        }
    }

    private static String block(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(reference())
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String reference() throws IOException {
        return Files.readString(Path.of("../docs/queues.md"));
    }
}
