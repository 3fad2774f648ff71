package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Programs;
import dev.nightsafe.core.keys.KeyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Starts parts as processes of their own session, so that closing the terminal doesn't end them, and takes all of them
 * back when something goes wrong before {@link #keep}. Also when the user interrupts.
 */
final class Starter implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 20;
    private static final int LOG_LINES = 12;

    private final Path home;
    private final RunFolder run;
    private final Installation installation;
    private final Map<String, String> environment;
    private final Map<Part, Long> logStart = new EnumMap<>(Part.class);
    private final Map<Part, Process> started = new EnumMap<>(Part.class);
    private final Thread onInterrupt = new Thread(this::takeBack, "nightsafe-interrupted");

    /** @param environment what the parts get, as far as {@link Part#mayHave} lets them */
    Starter(Path home, Installation installation, Map<String, String> environment) {
        this.home = home;
        this.run = new RunFolder(home);
        this.installation = installation;
        this.environment = environment;
        Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    /** Starts a part; {@link #awaitReady} waits for it. */
    synchronized void start(Part part, Map<String, String> moreEnvironment, String... arguments) {
        run.stopped(part);
        run.turnLog(part);
        logStart.put(part, run.logLength(part));
        ensurePrivate(run.log(part));
        ensurePrivate(run.readyFile(part));
        ProcessBuilder builder = new ProcessBuilder(command(part, arguments))
                .directory(home.toFile())
                .redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(run.readyFile(part).toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(run.log(part).toFile()));
        setEnvironment(builder.environment(), part, moreEnvironment);
        try {
            Process process = builder.start();
            started.put(part, process);
            ProcessId.running(process.pid()).ifPresent(id -> run.started(part, id));
        } catch (IOException e) {
            throw new UncheckedIOException("can't start the " + part.id(), e);
        }
    }

    private List<String> command(Part part, String... arguments) {
        List<String> command = new ArrayList<>();
        Programs.find("setsid", environment).ifPresent(setsid -> command.add(setsid.toString()));
        command.add(installation.command().toString());
        command.add(part.id());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Changes only what must change: the rest keeps its bytes, whatever the locale. */
    private void setEnvironment(Map<String, String> child, Part part, Map<String, String> more) {
        child.keySet().removeIf(name -> name.startsWith("NIGHTSAFE_"));
        environment.forEach((name, value) -> {
            if (name.startsWith("NIGHTSAFE_") && part.mayHave(name)) {
                child.put(name, value);
            }
        });
        child.put("NIGHTSAFE_HOME", home.toString());
        child.putAll(more);
    }

    /** Waits for the line that a part prints when it is ready; throws with the end of its log when it ends before. */
    String awaitReady(Part part) {
        long end = System.nanoTime() + READY.toNanos();
        while (true) {
            var line = run.readyLine(part).filter(text -> text.contains(" ready"));
            if (line.isPresent()) {
                return line.get();
            }
            requireAlive(part);
            if (System.nanoTime() > end) {
                throw ended(part, "the " + part.id() + " was not ready within " + READY.toSeconds() + " s");
            }
            pause();
        }
    }

    /** Throws with the end of its log when a part has ended. */
    void requireAlive(Part part) {
        Process process = started.get(part);
        if (process != null && !process.isAlive()) {
            throw ended(part, "the " + part.id() + " ended while starting (exit code " + process.exitValue() + ")");
        }
    }

    private CliException ended(Part part, String what) {
        List<String> lines = run.lastLines(part, logStart.getOrDefault(part, 0L), LOG_LINES);
        String log = lines.isEmpty() ? "; it wrote nothing" : "; it wrote:\n  " + String.join("\n  ", lines);
        return new CliException(ExitCode.FAILED, what + log, "all of it is in " + run.log(part));
    }

    /** What was started stays. */
    synchronized void keep() {
        started.clear();
    }

    /** Ends what was started and not kept. */
    @Override
    public void close() {
        takeBack();
        try {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
        } catch (IllegalStateException e) {
            // the program is being ended, and the hook does the same
        }
    }

    private synchronized void takeBack() {
        Stopper stopper = new Stopper(run, STOP);
        List<Part> last = new ArrayList<>(started.keySet());
        last.reversed().forEach(stopper::stop);
        started.clear();
    }

    static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.FAILED, "interrupted", null, e);
        }
    }

    private static void ensurePrivate(Path file) {
        if (!Files.exists(file)) {
            KeyFile.write(file, new byte[0]);
        }
    }
}
