package dev.nightsafe.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.core.yaml.Yaml;
import dev.nightsafe.core.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that are queues and files that aren't, for the parser and the schema alike. Beside each bad one stands what its
 * author is told ({@code .errors}); {@code schema: passes} there marks what a schema can't say.
 */
class QueueCorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/queues");

    static Stream<Path> good() throws IOException {
        return files("good");
    }

    static Stream<Path> bad() throws IOException {
        return files("bad").filter(file -> !file.toString().endsWith(".errors"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void a_good_file_passes_parser_and_schema(Path file) throws IOException {
        assertThat(QueueYaml.parsePath(file)).isNotEmpty();
        assertThat(QueueYaml.parse(file.toString(), Files.readString(file))).isEqualTo(QueueYaml.parsePath(file));
        assertThat(QueueSchema.problems(plain(file).orElseThrow())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void a_bad_file_fails_with_line_column_and_what_to_write_instead(Path file) throws IOException {
        NightsafeException failure = catchThrowableOfType(NightsafeException.class, () -> QueueYaml.parsePath(file));
        assertThat(failure.code()).isEqualTo(ProblemCode.INVALID_QUEUE);
        String said = String.valueOf(failure.getMessage()).replace(file.getParent() + "/", "");
        assertThat(said.lines().collect(Collectors.joining("\n", "", "\n"))).isEqualTo(expected(file));
        assertThat(said).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void a_bad_file_fails_the_schema_where_that_can_tell(Path file) throws IOException {
        boolean passes =
                plain(file).map(QueueSchema::problems).filter(List::isEmpty).isPresent();
        assertThat(passes).isEqualTo(Files.readString(errors(file)).startsWith("# schema: passes\n"));
    }

    private static String expected(Path file) throws IOException {
        return Files.readAllLines(errors(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Path errors(Path file) {
        return file.resolveSibling(file.getFileName() + ".errors");
    }

    private static Optional<Object> plain(Path file) {
        return Yaml.readFile(file, new Faults()).map(YamlNode::plain);
    }

    private static Stream<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(folder))) {
            return files.sorted().toList().stream();
        }
    }
}
