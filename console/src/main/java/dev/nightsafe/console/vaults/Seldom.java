package dev.nightsafe.console.vaults;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Tries again what got nowhere, but so seldom that this takes a twentieth of the time: whoever can put many boxes that don't
 * open into a database keeps console and keeper from nothing else. Thread-safe.
 */
final class Seldom {
    private static final int SHARE = 20;
    private static final long ASKED_AT_MOST_EVERY = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private final Map<String, Long> dueAt = new ConcurrentHashMap<>();
    private final Map<String, Long> askedAt = new ConcurrentHashMap<>();

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

    /** It may be tried at once: once a minute, or who asks again and again would take all of the time. */
    void ask(String id) {
        long now = nanos.getAsLong();
        Long asked = askedAt.get(id);
        if ((asked == null || now - asked >= ASKED_AT_MOST_EVERY) && dueAt.remove(id) != null) {
            askedAt.put(id, now);
        }
    }

    /** Forgets all but these. */
    void keep(Collection<String> ids) {
        dueAt.keySet().retainAll(ids);
        askedAt.keySet().retainAll(ids);
    }
}
