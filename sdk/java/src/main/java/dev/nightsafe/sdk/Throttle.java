package dev.nightsafe.sdk;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes on at most one text an interval; of those that come too early, the newest, later. Nothing is passed on once it is
 * closed. Thread-safe.
 */
final class Throttle {
    static final long INTERVAL_NANOS = 100_000_000;

    private final Consumer<String> send;
    private final LongSupplier clock;
    private final Timer timer;
    private long nextAt;
    private boolean waiting;
    private boolean closed;
    private @Nullable String pending;

    /** Runs something later, on a thread of its own. */
    interface Timer {
        void after(long nanos, Runnable action);
    }

    Throttle(Consumer<String> send) {
        this(send, System::nanoTime, Throttle::sleepThenRun);
    }

    /** @param clock nanoseconds since any moment */
    Throttle(Consumer<String> send, LongSupplier clock, Timer timer) {
        this.send = send;
        this.clock = clock;
        this.timer = timer;
        this.nextAt = clock.getAsLong();
    }

    /** Passes the text on now, or keeps it until the interval is over. */
    synchronized void offer(String text) {
        if (closed) {
            return;
        }
        pending = text;
        long wait = nextAt - clock.getAsLong();
        if (wait <= 0) {
            flush();
        } else if (!waiting) {
            waiting = true;
            timer.after(wait, this::afterWait);
        }
    }

    /** Passes on what is kept; the last that this throttle sends. */
    synchronized void close() {
        if (!closed) {
            flush();
            closed = true;
        }
    }

    private synchronized void afterWait() {
        waiting = false;
        if (!closed) {
            flush();
        }
    }

    private void flush() {
        String text = pending;
        if (text != null) {
            pending = null;
            nextAt = clock.getAsLong() + INTERVAL_NANOS;
            send.accept(text);
        }
    }

    private static void sleepThenRun(long nanos, Runnable action) {
        Thread.ofVirtual().name("progress").start(() -> {
            try {
                Thread.sleep(Duration.ofNanos(nanos));
            } catch (InterruptedException e) {
                return; // nobody does that
            }
            action.run();
        });
    }
}
