package dev.nightsafe.sdk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the machine is asked to end (SIGTERM, SIGINT) it does so at once while waiting, and while working after the answer,
 * but within {@link #PATIENCE}. Thread-safe.
 */
final class Stop {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private boolean asked;
    private @Nullable Thread working;

    /** From now on. */
    void watch() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::ask, "nightsafe end"));
    }

    /** A task's handler begins on this thread; false when none may begin any more. */
    synchronized boolean begin(Thread handler) {
        if (asked) {
            return false;
        }
        working = handler;
        return true;
    }

    /** The task was answered. */
    synchronized void end() {
        working = null;
        notifyAll();
    }

    private synchronized void ask() {
        asked = true;
        if (isWorking()) {
            System.err.println("asked to end; the task in hand has " + PATIENCE.toSeconds() + " s");
        }
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (long left = PATIENCE.toNanos(); left > 0 && isWorking(); left = until - System.nanoTime()) {
                wait(Math.max(1, left / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that; end now
        }
    }

    /** False too when it is the handler that ends the program: waiting for it would be for ever. */
    private boolean isWorking() {
        Thread handler = working;
        if (handler == null) {
            return false;
        }
        for (StackTraceElement frame : handler.getStackTrace()) {
            if (frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit")) {
                return false;
            }
        }
        return true;
    }
}
