package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a program prints while it has a task, on its way to the platform where it may leave: in order, at most 32 KiB for each
 * pause. What is more is dropped and counted; the local file has it. Nobody waits for it but {@link #finish}. Thread-safe.
 */
final class TaskLog implements AutoCloseable {
    /** Half of what the keeper takes: a mask may be longer than what it hides. */
    static final int MOST_AT_ONCE = 32 << 10;

    private static final int LONGEST_LINE = 16 << 10;
    private static final int MOST_PARTS = 500;
    private static final int LAST_TRIES = 3;

    /** What was printed before a task's end is in the pipe when the end is read, but perhaps not read yet. */
    private static final Duration STRAGGLERS = Duration.ofMillis(20);

    /** How long a task's end may wait for what was printed before it. */
    private static final Duration FINISH = Duration.ofSeconds(5);

    /** Nothing more will be taken. */
    private static final Set<ProblemCode> FINAL = EnumSet.of(
            ProblemCode.LEASE_LOST, ProblemCode.NOT_FOUND, ProblemCode.UNAUTHENTICATED, ProblemCode.FORBIDDEN);

    /** Nor will this be. */
    private static final Set<ProblemCode> UNFIT = EnumSet.of(ProblemCode.BAD_REQUEST, ProblemCode.BODY_TOO_LARGE);

    private static final class Part {
        private final long at = System.currentTimeMillis();
        private final String source;
        private final StringBuilder text;

        private Part(String source, String line) {
            this.source = source;
            this.text = new StringBuilder(line);
        }
    }

    private final long fencing;
    private final @Nullable Consumer<KeeperApi.TaskLogs> gate;
    private final Timings timings;
    private List<Part> waiting = new ArrayList<>();
    private int bytes;
    private long dropped;
    private long sent;
    private boolean closed;
    private @Nullable Thread thread;

    /** @param gate passes it on; null where it may not leave */
    TaskLog(long fencing, @Nullable Consumer<KeeperApi.TaskLogs> gate, Timings timings) {
        this.fencing = fencing;
        this.gate = gate;
        this.timings = timings;
    }

    /**
     * Adds a line.
     *
     * @param line redacted, without its end
     */
    void add(String source, byte[] line) {
        if (gate != null) {
            addHeld(source, new String(line, 0, Math.min(line.length, LONGEST_LINE), StandardCharsets.UTF_8));
        }
    }

    private synchronized void addHeld(String source, String line) {
        int size = line.getBytes(StandardCharsets.UTF_8).length + 1;
        boolean goesOn = !waiting.isEmpty() && waiting.getLast().source.equals(source);
        if (closed || bytes + size > MOST_AT_ONCE || (!goesOn && waiting.size() >= MOST_PARTS)) {
            dropped++;
            return;
        }
        bytes += size;
        if (goesOn) {
            waiting.getLast().text.append('\n').append(line);
        } else {
            waiting.add(new Part(source, line));
        }
        if (thread == null) {
            thread = Thread.ofVirtual().name("log of a task").start(this::run);
        }
        notifyAll();
    }

    /**
     * Waits until all is sent that the program printed before its task ended, for some seconds at most; nothing is added
     * after.
     *
     * @param flush has the worker's lines come here that are held back
     */
    void finish(Runnable flush) throws InterruptedException {
        if (gate == null) {
            return;
        }
        TimeUnit.NANOSECONDS.sleep(STRAGGLERS.toNanos());
        flush.run();
        close();
        Thread sender = sender();
        if (sender != null) {
            sender.join(FINISH);
        }
    }

    private synchronized @Nullable Thread sender() {
        return thread;
    }

    /** Nothing is added any more. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void run() {
        try {
            KeeperApi.TaskLogs next = next();
            while (next != null && deliver(next)) {
                pause(timings.progress());
                next = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when nothing more is to be sent. */
    private boolean deliver(KeeperApi.TaskLogs logs) throws InterruptedException {
        for (int lastTries = 0; lastTries < LAST_TRIES; lastTries += isClosed() ? 1 : 0) {
            try {
                if (gate != null) {
                    gate.accept(logs);
                }
                return true;
            } catch (NightsafeException e) {
                if (FINAL.contains(e.code())) {
                    close();
                    return false;
                }
                if (UNFIT.contains(e.code())) {
                    return true;
                }
            }
            pause(timings.retry());
        }
        return false;
    }

    /** What has come; null when nothing will any more. */
    private synchronized KeeperApi.@Nullable TaskLogs next() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        if (dropped > 0) {
            waiting.add(new Part("run", dropped + " lines were dropped; `nightsafe runner logs` has them"));
            dropped = 0;
        }
        if (waiting.isEmpty()) {
            return null;
        }
        List<KeeperApi.LogPart> parts = waiting.stream()
                .map(part -> new KeeperApi.LogPart(part.at, part.source, part.text.toString()))
                .toList();
        KeeperApi.TaskLogs next = new KeeperApi.TaskLogs(fencing, sent, parts);
        sent += parts.size();
        waiting = new ArrayList<>();
        bytes = 0;
        return next;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Shorter when it is closed, of which there is no hurry to hear twice. */
    private synchronized void pause(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (!closed && until - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(until - System.nanoTime(), 1));
        }
    }
}
