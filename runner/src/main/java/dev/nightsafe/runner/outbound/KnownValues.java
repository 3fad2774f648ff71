package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Every value that this runner holds right now, across its workers. Thread-safe. */
public final class KnownValues {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<Redactor> redactors = new ArrayList<>();

    /** Of those that look for the same values, one: workers of a queue mostly have the same. */
    private List<Redactor> different = List.of();

    /** From now on until {@link #forget} the redactor's values don't leave. */
    public Redactor learn(Redactor redactor) {
        lock.writeLock().lock();
        try {
            redactors.add(redactor);
            different = different();
            return redactor;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** From now on a redactor that was learnt knows these values, too: all that its worker has now. */
    public void learn(Redactor known, Collection<SecretBytes> values) {
        known.add(values);
        lock.writeLock().lock();
        try {
            different = different();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Forgets and closes it. */
    public void forget(Redactor redactor) {
        lock.writeLock().lock();
        try {
            if (redactors.remove(redactor)) {
                different = different();
                redactor.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private List<Redactor> different() {
        List<Redactor> found = new ArrayList<>();
        for (Redactor redactor : redactors) {
            if (found.stream().noneMatch(redactor::equalTo)) {
                found.add(redactor);
            }
        }
        return found;
    }

    /** The text without any known value. */
    public @Nullable String clean(@Nullable String text) {
        if (text == null) {
            return null;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(Redactor.mask(bytes, 0, bytes.length, find(bytes)), StandardCharsets.UTF_8);
    }

    /** The JSON without any known value. Throws when it can't be told apart from the JSON's structure. */
    public @Nullable JsonNode clean(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        byte[] json = Json.write(node);
        Ranges found = find(json);
        if (found.isEmpty()) {
            return node;
        }
        byte[] clean = JsonMask.apply(json, 0, json.length, found);
        if (clean == null) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "the result holds a secret in a form that can't be redacted");
        }
        return Json.readTree(clean);
    }

    private Ranges find(byte[] text) {
        lock.readLock().lock();
        try {
            Ranges found = new Ranges();
            for (Redactor redactor : different) {
                found.addAll(redactor.find(text, 0, text.length));
            }
            return found.merged();
        } finally {
            lock.readLock().unlock();
        }
    }
}
