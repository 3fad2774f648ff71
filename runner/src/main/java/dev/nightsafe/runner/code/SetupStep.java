package dev.nightsafe.runner.code;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.runner.isolation.Cell;
import dev.nightsafe.runner.local.WorkerLog;
import dev.nightsafe.runner.outbound.RedactedLines;
import dev.nightsafe.runner.outbound.Redactor;
import dev.nightsafe.runner.process.BaseEnvironment;
import dev.nightsafe.runner.process.Command;
import dev.nightsafe.runner.process.LaunchFrame;
import dev.nightsafe.runner.process.Spawner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands that set a worker up (git, venv, pip), confined, with an environment built from nothing and no
 * worker's secrets. What they print goes to the queue's log, redacted.
 */
public final class SetupStep {
    private static final int KEPT_LINES = 20;
    private static final Duration CLEANING = Duration.ofMinutes(1);

    private final Spawner spawner;
    private final BaseEnvironment environment;
    private final WorkerLog log;

    public SetupStep(Spawner spawner, BaseEnvironment environment, WorkerLog log) {
        this.spawner = spawner;
        this.environment = environment;
        this.log = log;
    }

    /** How a command ended, with the last lines that it printed. */
    record Outcome(int exit, List<String> lines) {
        boolean succeeded() {
            return exit == 0;
        }

        boolean timedOut() {
            return exit == Command.TIMED_OUT;
        }
    }

    /**
     * A command to run.
     *
     * @param token given to the command as descriptor 3 and redacted from what it prints, null for none
     * @param input given as descriptor 3 when there is no token: what is no secret, null for none
     */
    record Call(
            String name,
            List<String> command,
            Path folder,
            Map<String, String> variables,
            @Nullable SecretBytes token,
            @Nullable SecretBytes input,
            Duration time) {}

    /** Writes into the log what of the runner's settings the installers don't get. */
    void noteWhatIsKept() {
        environment
                .keptFromSetup()
                .forEach(name -> log.add(
                        "setup",
                        name + " of the runner isn't given to setup, which runs code that nobody consented to"));
    }

    Path python() {
        return spawner.python();
    }

    Outcome run(Cell cell, Call call) throws InterruptedException {
        Deque<String> kept = new ArrayDeque<>();
        SecretBytes token = call.token();
        try (Redactor redactor = Redactor.of(token == null ? List.of() : List.of(token));
                RedactedLines lines = new RedactedLines(redactor, line -> {
                    log.add(call.name(), line);
                    keep(kept, line);
                });
                LaunchFrame frame = frame(cell, call)) {
            int exit = Command.run(
                    spawner,
                    cell.wrapper(),
                    frame,
                    call.time(),
                    (buffer, from, to, ending) -> lines.add(buffer, from, to));
            lines.close();
            return new Outcome(exit, List.copyOf(kept));
        }
    }

    private static void keep(Deque<String> kept, byte[] line) {
        if (kept.size() == KEPT_LINES) {
            kept.removeFirst();
        }
        kept.addLast(new String(line, 0, Math.min(line.length, 500), StandardCharsets.UTF_8));
        Arrays.fill(line, (byte) 0);
    }

    /** Removes entries of a folder, with the cell's rights and no others. */
    void remove(Cell cell, Path folder, Predicate<String> names) throws InterruptedException {
        try (Stream<Path> entries = Files.list(folder)) {
            remove(
                    cell,
                    folder,
                    entries.map(entry -> entry.getFileName().toString())
                            .filter(names)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("can't list " + folder, e);
        }
    }

    /** Removes these entries of a folder where they are there. Throws unless they are gone. */
    void remove(Cell cell, Path folder, List<String> names) throws InterruptedException {
        List<Path> there = names.stream()
                .map(folder::resolve)
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .toList();
        if (!there.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("rm", "-rf", "--"));
            there.forEach(path -> command.add(path.toString()));
            Outcome outcome = run(cell, new Call("setup", command, folder, Map.of(), null, null, CLEANING));
            if (!outcome.succeeded()) {
                throw new NightsafeException(
                        ProblemCode.INTERNAL, "can't remove what an earlier bootstrap left in " + folder);
            }
        }
    }

    private LaunchFrame frame(Cell cell, Call call) {
        LaunchFrame frame = new LaunchFrame();
        cell.open(frame);
        frame.umask("022"); // workers read what is made here; the folder above keeps others out
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        variables.put("HOME", cell.home());
        variables.put("TMPDIR", cell.temporary());
        variables.putAll(environment.forSetup());
        variables.putAll(call.variables());
        variables.forEach(frame::variable);
        if (call.token() != null) {
            frame.memoryFile(3, call.token());
        } else if (call.input() != null) {
            frame.memoryFile(3, call.input());
        }
        call.command().forEach(frame::argument);
        frame.workingFolder(call.folder().toString());
        return frame;
    }
}
