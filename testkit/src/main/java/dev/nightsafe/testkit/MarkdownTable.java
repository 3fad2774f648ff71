package dev.nightsafe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A table of this repository's documents, which tests hold to the code. */
public final class MarkdownTable {
    private MarkdownTable() {}

    /**
     * The rows of the first table under a heading, by their first cell; code marks are taken off whole cells.
     *
     * @param document path from the repository, for example {@code docs/operating.md}
     * @param heading the heading's line
     */
    public static Map<String, List<String>> under(String document, String heading) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        List<String> lines = lines(document);
        int at = lines.indexOf(heading);
        if (at < 0) {
            throw new AssertionError(document + " has no line '" + heading + "'");
        }
        while (!lines.get(at).startsWith("|")) {
            at++;
        }
        for (at += 2; at < lines.size() && lines.get(at).startsWith("|"); at++) {
            List<String> cells = cells(lines.get(at));
            if (rows.put(cells.getFirst(), cells.subList(1, cells.size())) != null) {
                throw new AssertionError(document + ", " + heading + ": two rows for " + cells.getFirst());
            }
        }
        return rows;
    }

    /** A file of the repository whose module is tested. */
    public static Path inRepository(String path) {
        return Objects.requireNonNull(Path.of("").toAbsolutePath().getParent()).resolve(path);
    }

    private static List<String> lines(String document) {
        try {
            return Files.readAllLines(inRepository(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
            String text = cell.strip();
            boolean code = text.length() > 2 && text.startsWith("`") && text.indexOf('`', 1) == text.length() - 1;
            cells.add(code ? text.substring(1, text.length() - 1) : text);
        }
        return cells;
    }
}
