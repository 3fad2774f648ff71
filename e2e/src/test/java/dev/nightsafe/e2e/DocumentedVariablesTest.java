package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.testkit.MarkdownTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/operating.md} has every variable that the sources name, and no other. */
class DocumentedVariablesTest {
    private static final String DOCUMENT = "docs/operating.md";
    /** A whole name: the prefix of a part's settings ends in '_'. */
    private static final Pattern VARIABLE = Pattern.compile("NIGHTSAFE_[A-Z]++(?:_[A-Z]++)*+(?!_)");

    @Test
    void every_variable_is_documented_and_no_other() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String module : List.of("core", "protocol", "database", "console", "keeper", "runner", "cli")) {
            addNames(Installation.SOURCE.resolve(module).resolve("src/main"), named);
        }
        addNames(Installation.SOURCE.resolve("nightsafe"), named);
        addNames(Installation.SOURCE.resolve("sdk/python/src"), named);

        Set<String> settings = new TreeSet<>();
        for (String part : List.of("console", "keeper")) {
            MarkdownTable.under(DOCUMENT, "### " + part + ".yaml")
                    .values()
                    .forEach(cells -> settings.add(cells.getFirst()));
        }
        Set<String> others =
                MarkdownTable.under(DOCUMENT, "### Other variables").keySet();
        assertThat(others).isSubsetOf(named).doesNotContainAnyElementsOf(settings);
        named.removeAll(settings);
        assertThat(named).isEqualTo(others);
    }

    private static void addNames(Path root, Set<String> names) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                Matcher matcher = VARIABLE.matcher(read(file));
                while (matcher.find()) {
                    names.add(matcher.group());
                }
            });
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
