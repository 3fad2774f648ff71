package dev.nightsafe.cli.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The last lines of a record that is kept in several files. */
final class SentLines {
    private SentLines() {}

    /**
     * The oldest first.
     *
     * @param newestFirst files
     */
    static List<String> last(int count, List<Path> newestFirst) {
        List<String> lines = new ArrayList<>();
        for (Path file : newestFirst) {
            lines.addAll(0, last(count - lines.size(), file));
            if (lines.size() >= count) {
                break;
            }
        }
        return lines;
    }

    private static List<String> last(int count, Path file) {
        ArrayDeque<String> lines = new ArrayDeque<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (lines.size() > count) {
                    lines.removeFirst();
                }
            }
            return List.copyOf(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }
}
