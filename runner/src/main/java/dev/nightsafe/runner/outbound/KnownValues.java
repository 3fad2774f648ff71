package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Every value that this runner holds right now, across its workers. Thread-safe. */
public final class KnownValues {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<Redactor> redactors = new ArrayList<>();

    /** From now on until {@link #forget} the redactor's values don't leave. */
    public Redactor learn(Redactor redactor) {
        lock.writeLock().lock();
        try {
            redactors.add(redactor);
            return redactor;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Forgets and closes it. */
    public void forget(Redactor redactor) {
        lock.writeLock().lock();
        try {
            redactors.remove(redactor);
            redactor.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The text without any known value. */
    public @Nullable String clean(@Nullable String text) {
        if (text == null) {
            return null;
        }
        lock.readLock().lock();
        try {
            String clean = text;
            for (Redactor redactor : redactors) {
                clean = redactor.redact(clean);
            }
            return clean;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The JSON without any known value. Throws when it can't be told apart from the JSON's structure. */
    public @Nullable JsonNode clean(@Nullable JsonNode node) {
        return node == null ? null : Json.readTree(clean(Json.write(node)));
    }

    private byte[] clean(byte[] json) {
        lock.readLock().lock();
        try {
            byte[] clean = json;
            for (Redactor redactor : redactors) {
                byte[] next = redactor.redactJsonValue(clean);
                if (next == null) {
                    throw new NightsafeException(
                            ProblemCode.BAD_REQUEST, "the result holds a secret in a form that can't be redacted");
                }
                clean = next;
            }
            return clean;
        } finally {
            lock.readLock().unlock();
        }
    }
}
