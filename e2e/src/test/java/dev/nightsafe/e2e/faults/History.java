package dev.nightsafe.e2e.faults;

import dev.nightsafe.protocol.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What was done and what came of it: a file of JSON lines, by time. Thread-safe. */
final class History implements AutoCloseable {
    private final BufferedWriter file;

    History(Path path) {
        try {
            file = Files.newBufferedWriter(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long now() {
        return System.nanoTime();
    }

    synchronized void add(Event event) {
        try {
            file.write(new String(line(event), StandardCharsets.UTF_8));
            file.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] line(Event event) {
        return Json.MAPPER.writerFor(Event.class).writeValueAsBytes(event);
    }

    /** The events of these files, by time; a line that a killed worker didn't finish is left out. */
    static List<Event> read(List<Path> files) {
        return read(files, "");
    }

    /** Only the lines that have this text. */
    static List<Event> read(List<Path> files, String text) {
        return files.stream()
                .filter(Files::exists)
                .flatMap(History::lines)
                .filter(line -> line.endsWith("}") && line.contains(text))
                .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), Event.class))
                .sorted(Comparator.comparingLong(Event::at))
                .toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
