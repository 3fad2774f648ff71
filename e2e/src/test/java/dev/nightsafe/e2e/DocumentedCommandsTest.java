package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every command of the documents: each {@code sh} block, in order, in one shell per document, on a data folder of
 * its own. Blocks of another kind ({@code text}, {@code yaml}, …) are read, not run.
 */
class DocumentedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("^```sh\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> every_command_in_the_documents_works() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String name : List.of("README.md", "CONTRIBUTING.md", "SECURITY.md")) {
            documents.add(Installation.SOURCE.resolve(name));
        }
        try (Stream<Path> files = Files.walk(Installation.SOURCE.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        return documents.stream()
                .filter(document -> !blocks(document).isEmpty())
                .map(document -> DynamicTest.dynamicTest(
                        Installation.SOURCE.relativize(document).toString(), () -> run(document)));
    }

    private static void run(Path document) {
        try (Installation installation = Installation.withDefaultPorts()) {
            String script =
                    "set -eu\nwork=$(mktemp -d)\nchmod 755 \"$work\"\ntrap 'rm -rf \"$work\"' EXIT\ncp -r examples \"$work\"\n"
                            + "ln -s \"$PWD/nightsafe\" \"$PWD/check\" \"$work\"\ncd \"$work\"\nexport PATH=\"$work:$PATH\"\nset -x\n"
                            + String.join("\n", blocks(document));
            Installation.Outcome outcome = installation.attempt(new byte[0], List.of("bash", "-c", script));
            assertThat(outcome.exitCode()).as(outcome.text() + outcome.stderr()).isZero();
        }
    }

    private static List<String> blocks(Path document) {
        try {
            List<String> blocks = new ArrayList<>();
            Matcher matcher = BLOCK.matcher(Files.readString(document));
            while (matcher.find()) {
                blocks.add(matcher.group(1));
            }
            return blocks;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
