package dev.nightsafe.runner.process;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a command to its end. */
public final class Command {
    /** What {@link #run} answers when the time was over. */
    public static final int TIMED_OUT = -1;

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private Command() {}

    /**
     * Starts the frame's command, without anything on its standard input.
     *
     * @param time from now on, its start included
     * @param taker gets the lines of both its outputs, one at a time, and none after this has returned
     * @return its exit status, or {@link #TIMED_OUT}
     */
    public static int run(Spawner spawner, List<String> wrapper, LaunchFrame frame, Duration time, Lines.Taker taker)
            throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        Optional<Process> started = spawner.start(wrapper, frame, time);
        if (started.isEmpty()) {
            return TIMED_OUT;
        }
        Process process = started.get();
        ProcessGroup group = ProcessGroup.of(process);
        try {
            process.getOutputStream().close();
        } catch (java.io.IOException e) {
            // It ended already.
        }
        AtomicBoolean over = new AtomicBoolean();
        Lines.Taker shared = (buffer, from, to, ending) -> {
            synchronized (over) {
                if (!over.get()) {
                    taker.take(buffer, from, to, ending);
                }
            }
        };
        Thread out = pump(process.getInputStream(), shared);
        Thread err = pump(process.getErrorStream(), shared);
        try {
            long left = until - System.nanoTime();
            boolean ended = left > 0 && process.waitFor(left, TimeUnit.NANOSECONDS);
            group.send(Signals.KILL);
            int exit = ended ? process.exitValue() : TIMED_OUT;
            out.join(LAST_WORDS); // what it left running may hold its outputs open for good
            err.join(LAST_WORDS);
            return exit;
        } finally {
            synchronized (over) {
                over.set(true);
            }
            group.send(Signals.KILL);
            group.close();
        }
    }

    /** Reads lines on a thread of their own. */
    public static Thread pump(InputStream in, Lines.Taker taker) {
        return Thread.ofPlatform().daemon().name("output").start(() -> Lines.read(in, taker));
    }
}
