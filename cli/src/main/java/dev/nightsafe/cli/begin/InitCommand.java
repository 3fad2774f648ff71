package dev.nightsafe.cli.begin;

import dev.nightsafe.cli.machine.WorkerIsolation;
import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nightsafe init}. */
@Command(
        name = "init",
        header = "Write a queue and a task program to begin with.",
        description = "%nWrites queue.yaml, main.py, task.json, runner.yaml and README.md; changes no file that is"
                + " there.",
        footer = "%nExample:%n  nightsafe init my-queue")
public final class InitCommand extends CliCommand implements Runnable {
    private static final List<String> FILES = List.of("queue.yaml", "main.py", "task.json", "runner.yaml", "README.md");
    private static final int LONGEST_NAME = 64;

    @Parameters(
            arity = "0..1",
            defaultValue = "my-queue",
            paramLabel = "FOLDER",
            description = "Where to; its name becomes the queue's (${DEFAULT-VALUE}).")
    private Path given = Path.of("my-queue");

    @Override
    public void run() {
        Path folder = given.toAbsolutePath().normalize();
        String name = name(folder);
        for (String file : FILES) {
            if (Files.exists(folder.resolve(file))) {
                throw new CliException(
                        ExitCode.CONFLICT, folder.resolve(file) + " is there already", "give another folder");
            }
        }
        FILES.forEach(file -> write(folder, file, name));
        output().done(
                        "wrote " + String.join(", ", FILES) + " in " + folder,
                        "folder",
                        folder.toString(),
                        "queue",
                        name);
        if (!output().isJson()) {
            terminal().out().print(next(name));
            terminal().out().flush();
        }
        WorkerIsolation.problem(terminal().environment())
                .ifPresent(problem -> terminal()
                        .warn("a runner can't isolate its workers on this machine and won't start here: " + problem
                                + "; " + WorkerIsolation.advice(folder.resolve("runner.yaml"))));
    }

    private String next(String name) {
        return """

            Next:
              cp %2$s/runner.yaml %3$s/ && nightsafe up
              nightsafe vault create %1$s && nightsafe vault set %1$s API_KEY
              nightsafe queue apply %2$s/queue.yaml && nightsafe task submit %1$s -p @%2$s/task.json --wait
            """.formatted(name, given, session().home());
    }

    /** The folder's name as far as a queue may have it. */
    private static String name(Path folder) {
        Path last = folder.getFileName();
        String name = (last == null ? "" : last.toString())
                .replaceAll("[^a-zA-Z0-9_-]", "-")
                .replaceFirst("^[_-]+", "");
        String fitting = name.substring(0, Math.min(name.length(), LONGEST_NAME));
        return fitting.isEmpty() ? "my-queue" : fitting;
    }

    private static void write(Path folder, String file, String name) {
        try (InputStream in = InitCommand.class.getResourceAsStream(file)) {
            String template = new String(
                    Objects.requireNonNull(in, file + " is in the jar").readAllBytes(), StandardCharsets.UTF_8);
            String text = template.replace("@NAME@", name).replace("@FOLDER@", folder.toString());
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(file), text, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + folder.resolve(file), e);
        }
    }
}
