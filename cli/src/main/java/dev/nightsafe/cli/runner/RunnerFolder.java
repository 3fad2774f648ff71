package dev.nightsafe.cli.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What this machine's runner keeps: its workers' output and the record of what it sent. */
final class RunnerFolder {
    /** How many files of what it sent a runner keeps at most. */
    private static final int KEPT = 10;

    private static final int KEPT_HEADS = 25;

    private final Path folder;

    /** The folder of the runner of a data folder, as {@code runner.yaml} says. */
    RunnerFolder(Path home) {
        this.folder = folder(home.resolve("runner.yaml"), home.resolve("runner"));
    }

    Path sent() {
        return folder.resolve("sent.jsonl");
    }

    /** The record of what was sent, the newest file first. */
    List<Path> allSent() {
        return all(sent(), KEPT);
    }

    /** The record of the heads of audit chains that it saw. */
    Path heads() {
        return folder.resolve("heads.jsonl");
    }

    /** That record, the newest file first. */
    List<Path> allHeads() {
        return all(heads(), KEPT_HEADS);
    }

    private static List<Path> all(Path newest, int kept) {
        return Stream.iterate(0, i -> i + 1)
                .limit(kept)
                .map(i -> i == 0 ? newest : newest.resolveSibling(newest.getFileName() + "." + i))
                .filter(Files::exists)
                .toList();
    }

    /** Workers' output, {@code logs/<queue>.log}: of one queue, or of all for {@code ""}. */
    List<Path> logs(String queue) {
        Path logs = folder.resolve("logs");
        if (!Files.isDirectory(logs)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(logs)) {
            return files.filter(file -> isLog(file.getFileName().toString(), queue))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + logs, e);
        }
    }

    private static boolean isLog(String name, String queue) {
        return queue.isEmpty() ? name.endsWith(".log") : name.equals(queue + ".log");
    }

    private static Path folder(Path file, Path otherwise) {
        if (!Files.exists(file)) {
            return otherwise;
        }
        try {
            Object document = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
            Object folder = document instanceof Map<?, ?> map ? map.get("folder") : null;
            return folder == null ? otherwise : Path.of(folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }
}
