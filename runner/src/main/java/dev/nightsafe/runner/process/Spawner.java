package dev.nightsafe.runner.process;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Starts processes through the launcher. All of them are started by one platform thread that lives as long as the
 * runner: Linux sends the signal that a child asked for at its parent's death when the <em>thread</em> that started it
 * ends. Thread-safe.
 */
public final class Spawner implements AutoCloseable {
    private static final String LAUNCHER = launcher();

    /** So long a launcher that was stopped, by a process of its user, may hold up who starts it. */
    private static final Duration TAKES_ITS_FRAME = Duration.ofSeconds(60);

    private static final int PIECE = 8 << 10;

    private final Path python;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("spawner").factory());

    /** @param python a Python 3.8 or later that every confined process can run */
    public Spawner(Path python) {
        this.python = python;
    }

    public Path python() {
        return python;
    }

    /**
     * Starts the command of the frame.
     *
     * @param wrapper what confines it, before the launcher
     * @throws NightsafeException when the wrapper or Python can't be started, or somebody keeps it from taking its frame
     */
    public Process start(List<String> wrapper, LaunchFrame frame) {
        return start(wrapper, frame, TAKES_ITS_FRAME)
                .orElseThrow(() -> new NightsafeException(
                        ProblemCode.INTERNAL,
                        "what was started took no variables for " + TAKES_ITS_FRAME.toSeconds()
                                + " s and was ended; does another process of its user hold it up?"));
    }

    /**
     * As {@link #start(List, LaunchFrame)}.
     *
     * @param time empty when the launcher hasn't taken its frame by then: it is killed
     */
    Optional<Process> start(List<String> wrapper, LaunchFrame frame, Duration time) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(python.toString(), "-I", "-S", "-c", LAUNCHER));
        Process process = onThread(() -> start(command));
        byte[] bytes = frame.bytes();
        CountDownLatch taken = new CountDownLatch(1);
        // Whoever of its user holds the pipe open can block the write, also when the launcher is dead, as long as they
        // like.
        Thread.ofPlatform().daemon().name("launch").start(() -> write(process, bytes, taken));
        try {
            if (await(taken, time)) {
                return Optional.of(process);
            }
            Signals.send(process, Signals.KILL);
            return Optional.empty();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** In pieces, so that what isn't written yet when the time is over can still be wiped. */
    private static void write(Process process, byte[] bytes, CountDownLatch taken) {
        OutputStream out = process.getOutputStream();
        try {
            for (int at = 0; at < bytes.length; at += PIECE) {
                out.write(bytes, at, Math.min(PIECE, bytes.length - at));
            }
            out.flush();
        } catch (IOException e) {
            // It ended before it read its frame; whoever reads its standard error learns why.
        } finally {
            taken.countDown();
        }
    }

    /** Whoever stops this thread gets what was started, to end it. */
    private static boolean await(CountDownLatch taken, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return taken.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Process start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        try {
            return builder.start();
        } catch (IOException e) {
            throw new NightsafeException(
                    ProblemCode.INTERNAL,
                    "can't start " + command.getFirst() + "; is it installed and may this user run it?",
                    e);
        }
    }

    private Process onThread(java.util.function.Supplier<Process> start) {
        try {
            return CompletableFuture.supplyAsync(start, thread).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NightsafeException known) {
                throw known;
            }
            throw e;
        }
    }

    private static String launcher() {
        try (InputStream in = Spawner.class.getResourceAsStream("launcher.py")) {
            if (in == null) {
                throw new IllegalStateException("launcher.py is missing from the runner's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
