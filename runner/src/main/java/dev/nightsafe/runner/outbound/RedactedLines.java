package dev.nightsafe.runner.outbound;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lines that a program printed, redacted together, so that a value over several of them is seen. They are passed on when
 * enough has followed, or when nothing has for 200 ms, on a thread of its own. Thread-safe.
 */
public final class RedactedLines implements AutoCloseable {
    private static final long IDLE_MILLIS = 200;
    private static final byte[] LINE_END = {'\n'};

    private final Consumer<byte[]> taker;
    private final RedactedStream stream;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Executor later = CompletableFuture.delayedExecutor(
            IDLE_MILLIS, TimeUnit.MILLISECONDS, command -> Thread.ofVirtual().start(command));
    private boolean awaiting;
    private boolean idle;

    /** @param taker gets each line, without its end, in order, one at a time */
    public RedactedLines(Redactor redactor, Consumer<byte[]> taker) {
        this.taker = taker;
        this.stream = new RedactedStream(redactor, this::split);
    }

    /** Adds a line without its end. After {@link #close} it is dropped. */
    public synchronized void add(byte[] buffer, int from, int to) {
        stream.write(buffer, from, to);
        stream.write(LINE_END, 0, 1);
        idle = false;
        look();
    }

    private void look() {
        if (!awaiting && stream.isHolding()) {
            awaiting = true;
            later.execute(this::tick);
        }
    }

    private synchronized void tick() {
        awaiting = false;
        if (idle) {
            stream.flush();
        } else {
            stream.passDecided();
            idle = true;
        }
        look();
    }

    /** Passes on all that came, without waiting for the end of a value that may have begun. */
    public synchronized void flush() {
        stream.flush();
    }

    private void split(byte[] bytes, int from, int to) {
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, start, i - start);
                end();
                start = i + 1;
            }
        }
        line.write(bytes, start, to - start);
    }

    private void end() {
        taker.accept(line.toByteArray());
        line.reset();
    }

    /** Passes on what is left. */
    @Override
    public synchronized void close() {
        stream.close();
        if (line.size() > 0) {
            end();
        }
    }
}
