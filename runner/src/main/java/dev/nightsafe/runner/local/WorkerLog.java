package dev.nightsafe.runner.local;

import dev.nightsafe.core.keys.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * One queue's workers' output, {@code logs/<queue>.log}: lines {@code <ISO 8601 time> <source> <text>}, where the source
 * is {@code 1.out} or {@code 1.err} for worker 1, {@code git}, {@code setup} or {@code runner}. Only redacted text comes
 * here. Rotated at 10 MiB, to {@code .1} and {@code .2}. It stays on this machine. Thread-safe.
 */
public final class WorkerLog {
    private static final long LARGEST = 10 << 20;
    private static final int LONGEST_LINE = 16 << 10;
    private static final int KEPT = 2;

    private final Path file;
    private long size;

    /** @param queue a queue's name, which is a file name too */
    public WorkerLog(Path folder, String queue) {
        file = KeyFile.folder(folder.resolve("logs")).resolve(queue + ".log");
        size = file.toFile().length();
    }

    /** Appends one line; one that is longer than 16 KiB is cut. A full disk loses lines, never a task. */
    public synchronized void add(String source, byte[] text) {
        byte[] head =
                (Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + source + " ").getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, LONGEST_LINE);
        byte[] line = Arrays.copyOf(head, head.length + length + 1);
        System.arraycopy(text, 0, line, head.length, length);
        line[line.length - 1] = '\n';
        try {
            if (size > LARGEST) {
                rotate();
            }
            PrivateFiles.createIfAbsent(file);
            Files.write(file, line, StandardOpenOption.APPEND);
            size += line.length;
        } catch (IOException e) {
            size = 0; // look again at the next line
        }
    }

    /** Appends a line of the runner's own words. */
    public void add(String source, String text) {
        add(source, text.getBytes(StandardCharsets.UTF_8));
    }

    private void rotate() throws IOException {
        for (int i = KEPT; i > 0; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        size = 0;
    }

    private Path numbered(int i) {
        return file.resolveSibling(file.getFileName() + "." + i);
    }
}
