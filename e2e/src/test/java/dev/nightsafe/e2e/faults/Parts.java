package dev.nightsafe.e2e.faults;

import dev.nightsafe.e2e.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The installation's processes: started, killed and paused one by one. One that ends although nobody ended it stands in
 * the history. Thread-safe.
 */
final class Parts implements AutoCloseable {
    private static final long STOP_SECS = 20;
    private static final long READY_SECS = 90;

    private final Installation nightsafe;
    private final History history;
    private final Map<String, List<String>> commands = new TreeMap<>();
    private final Map<String, ProcessHandle> running = new TreeMap<>();

    Parts(Installation nightsafe, History history) {
        this.nightsafe = nightsafe;
        this.history = history;
    }

    /** How to start a part that runs already. */
    synchronized void adopt(String part, long pid, List<String> arguments) {
        commands.put(part, arguments);
        watch(part, ProcessHandle.of(pid).orElseThrow());
    }

    /** Starts a part that wasn't there before. */
    synchronized void add(String part, List<String> arguments) {
        commands.put(part, arguments);
        start(part);
    }

    /** Starts a part again; it may still be on its way when this returns. */
    synchronized void start(String part) {
        List<String> command =
                new ArrayList<>(List.of(Installation.SOURCE.resolve("nightsafe").toString()));
        command.addAll(commands.getOrDefault(part, List.of()));
        Path log = nightsafe.home.resolve("logs/" + part + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(nightsafe.home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("NIGHTSAFE_"));
        builder.environment().put("NIGHTSAFE_HOME", nightsafe.home.toString());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            watch(part, process.toHandle());
            var _ = process.onExit().thenAccept(ended -> ended(part, ended.toHandle(), ended.exitValue()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a part again and waits until it says that it is ready, or has ended. */
    void startUntilReady(String part) {
        Path log = nightsafe.home.resolve("logs/" + part + ".log");
        long before = count(log);
        start(part);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECS);
        while (pid(part) > 0 && count(log) == before && System.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** How often a part was ready so far. */
    private static long count(Path log) {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("nightsafe ") && line.contains(" ready"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void watch(String part, ProcessHandle process) {
        running.put(part, process);
        var _ = process.onExit().thenAccept(ended -> ended(part, ended, -1));
    }

    private synchronized void ended(String part, ProcessHandle process, long exitCode) {
        if (running.remove(part, process)) {
            history.add(new Event.Ended(History.now(), part, exitCode));
        }
    }

    /** Ends a part at once, as a lost machine does. */
    void kill(String part) {
        ProcessHandle process = take(part);
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private synchronized @org.jspecify.annotations.Nullable ProcessHandle take(String part) {
        return running.remove(part);
    }

    /** The process id of a part; -1 when it doesn't run. */
    synchronized long pid(String part) {
        ProcessHandle process = running.get(part);
        return process == null ? -1 : process.pid();
    }

    /** A part's process and all that it started. */
    List<Long> family(String part) {
        long pid = pid(part);
        List<Long> family = new ArrayList<>();
        ProcessHandle.of(pid).ifPresent(process -> {
            family.add(pid);
            process.descendants().forEach(child -> family.add(child.pid()));
        });
        return family;
    }

    /** Sends a signal; one that is gone doesn't matter. */
    static void signal(String signal, List<Long> pids) {
        if (!pids.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
            pids.forEach(pid -> command.add(Long.toString(pid)));
            run(command);
        }
    }

    /** Lets no file of a process grow, as on a full disk; or again. */
    void fullDisk(String part, boolean full) {
        long pid = pid(part);
        if (pid > 0) {
            // The soft limit: it can be taken back.
            run(List.of("prlimit", "--pid", Long.toString(pid), "--fsize=" + (full ? "0" : "unlimited") + ":"));
        }
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            if (!process.waitFor(STOP_SECS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + command);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks all to end, runners first, and waits. */
    @Override
    public void close() {
        List<ProcessHandle> left;
        synchronized (this) {
            left = List.copyOf(running.values());
            running.clear();
        }
        signal("CONT", left.stream().map(ProcessHandle::pid).toList());
        left.reversed().forEach(ProcessHandle::destroy);
        for (ProcessHandle process : left) {
            try {
                process.onExit().get(STOP_SECS, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
