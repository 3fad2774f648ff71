package dev.nightsafe.console.vaults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Tries again what got nowhere, but so seldom that this takes a twentieth of the time: whoever can put many boxes that don't
 * open into a database keeps console and keeper from nothing else. Thread-safe.
 */
final class Seldom {
    private static final int SHARE = 20;

    private final LongSupplier nanos;
    private final Map<String, Long> dueAt = new ConcurrentHashMap<>();

    /** @param nanos a clock that never goes back */
    Seldom(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** One attempt at something. */
    interface Attempt {
        /** False when it got nowhere. */
        boolean run() throws InterruptedException;
    }

    /** Makes the attempt if it is time for one. */
    void attempt(String id, Attempt attempt) throws InterruptedException {
        long begun = nanos.getAsLong();
        Long due = dueAt.get(id);
        if (due != null && begun - due < 0) {
            return;
        }
        dueAt.remove(id);
        if (!attempt.run()) {
            long ended = nanos.getAsLong();
            dueAt.put(id, ended + (ended - begun) * (SHARE - 1));
        }
    }

    /** Everything may be tried at once. */
    void clear() {
        dueAt.clear();
    }
}
