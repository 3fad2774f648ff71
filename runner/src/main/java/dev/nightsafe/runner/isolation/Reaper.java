package dev.nightsafe.runner.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends every process of a user, also of one that uses up its processes or makes new ones as fast as it can. The kernel's
 * {@code kill(-1)} reaches all at once; the process that calls it runs as root until then, never starts another, and has
 * a real user id of its own, so that those whom it ends can't end or stop it first.
 */
final class Reaper {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String KILL_ALL = """
            import os, sys
            user, own = int(sys.argv[1]), int(sys.argv[2])
            os.setgroups([])
            os.setresgid(own, own, own)
            os.setresuid(own, user, own)
            if 0 not in (user, own) and os.getresuid() == (own, user, own):
                os.kill(-1, 9)
            """;

    private final Path python;

    Reaper(Path python) {
        this.python = python;
    }

    /**
     * Ends them.
     *
     * @param own an id that no other process has
     * @return false when some still run after ten seconds
     */
    boolean end(int user, int own) {
        boolean interrupted = Thread.interrupted(); // whoever stops this thread wants them ended all the same
        try {
            long until = System.nanoTime() + PATIENCE.toNanos();
            List<ProcessHandle> left = processes(user);
            while (!left.isEmpty() && until - System.nanoTime() > 0) {
                if (!Probe.succeeds(killAll(user, own))) {
                    left.forEach(ProcessHandle::destroyForcibly); // where no process can be started
                }
                interrupted |= Thread.interrupted();
                left = processes(user);
            }
            return left.isEmpty();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<String> killAll(int user, int own) {
        return List.of(python.toString(), "-I", "-S", "-c", KILL_ALL, Integer.toString(user), Integer.toString(own));
    }

    /** Processes of this user that run, by any of their ids. */
    static List<ProcessHandle> processes(int user) {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                // The handle first: it stays this process's when the number becomes another's.
                ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                        .filter(_ -> runsAs(process, user))
                        .ifPresent(found::add);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("can't list processes", e);
        }
    }

    private static boolean runsAs(Path process, int user) {
        try {
            boolean its = false;
            boolean ended = false;
            for (String line : Files.readAllLines(process.resolve("status"), ISO_8859_1)) {
                String[] fields = line.split("\\s+", -1);
                switch (fields[0]) {
                    case "State:" -> ended = fields[1].equals("Z") || fields[1].equals("X");
                    case "Uid:" -> its = List.of(fields).contains(Integer.toString(user));
                    case "Threads:" -> ended &= Integer.parseInt(fields[1]) <= 1; // else only its first thread ended
                    default -> {
                        // Of no interest.
                    }
                }
            }
            return its && !ended;
        } catch (IOException e) {
            if (Files.exists(process)) {
                throw new UncheckedIOException("can't look at " + process, e);
            }
            return false; // It is gone.
        }
    }
}
