package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replaces every known value, in the forms of {@link Encodings}, with {@code ********}. Values of fewer than 4 bytes, and
 * those that are part of the task protocol's own words ({@code true}, {@code task_id}), are left. A value of several
 * lines is also found line by line. Safe for use by several threads until it is closed.
 */
public final class Redactor implements AutoCloseable {
    static final byte[] MASK = "********".getBytes(StandardCharsets.US_ASCII);

    private static final int SHORTEST_LINE = 8;
    private static final List<String> PROTOCOL_WORDS = List.of(
            "task_id",
            "status",
            "ready",
            "result",
            "error",
            "retry",
            "report",
            "progress",
            "issues",
            "severity",
            "title",
            "affected",
            "expected",
            "actual",
            "next_steps",
            "true",
            "false",
            "null");

    private final Patterns patterns;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private Redactor(Patterns patterns) {
        this.patterns = patterns;
    }

    /** Learns the values; the caller still owns and closes them. */
    public static Redactor of(Collection<SecretBytes> values) {
        try (Patterns.Builder builder = new Patterns.Builder()) {
            for (SecretBytes value : values) {
                if (isRedacted(value)) {
                    value.exposing(bytes -> {
                        Encodings.each(bytes, builder::add);
                        addLines(bytes, builder);
                        return bytes.length;
                    });
                }
            }
            return new Redactor(builder.build());
        }
    }

    /** False for a value that can't be redacted without breaking what it stands in. */
    public static boolean isRedacted(SecretBytes value) {
        return value.length() >= Patterns.SHORTEST
                && value.exposing(bytes -> PROTOCOL_WORDS.stream().noneMatch(word -> contains(word, bytes)));
    }

    /** A copy in which every known value is replaced. */
    public byte[] redact(byte[] in, int from, int to) {
        return whileOpen(() -> replaceAll(in, from, to));
    }

    private byte[] replaceAll(byte[] in, int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + MASK.length);
        int at = from;
        while (at < to) {
            int end = coveredFrom(in, at, to);
            if (end > at) {
                out.writeBytes(MASK);
                at = end;
            } else {
                out.write(in[at++]);
            }
        }
        return out.toByteArray();
    }

    /** As {@link #redact(byte[], int, int)}. */
    public String redact(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(redact(bytes, 0, bytes.length), StandardCharsets.UTF_8);
    }

    /**
     * As {@link #redact(byte[], int, int)}, for a line that may be JSON: it stays JSON. Null when a value reaches over
     * the JSON's structure, so that the line must not be used. A line that doesn't begin with '{' is plain text.
     */
    public byte @Nullable [] redactJson(byte[] in, int from, int to) {
        int first = from;
        while (first < to && (in[first] == ' ' || in[first] == '\t')) {
            first++;
        }
        boolean json = first < to && in[first] == '{';
        return whileOpen(() -> json ? JsonRedaction.redact(this, in, from, to) : replaceAll(in, from, to));
    }

    /** As {@link #redactJson(byte[], int, int)}, for any JSON value. */
    byte @Nullable [] redactJsonValue(byte[] json) {
        return whileOpen(() -> JsonRedaction.redact(this, json, 0, json.length));
    }

    /** The patterns are zeros once they are closed: nothing may pass then as if it had been looked at. */
    private <T extends @Nullable Object> T whileOpen(Supplier<T> use) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("this redactor was closed");
            }
            return use.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The end of the run of overlapping or adjoining matches that begins at {@code at}; {@code at} when none does. */
    int coveredFrom(byte[] in, int at, int to) {
        int end = at;
        for (int i = at; i <= end && i < to; i++) {
            end = Math.max(end, i + patterns.matchAt(in, i, to));
        }
        return end;
    }

    private static void addLines(byte[] value, Patterns.Builder builder) {
        int from = 0;
        for (int i = 0; i <= value.length; i++) {
            if (i == value.length || value[i] == '\n' || value[i] == '\r') {
                if (i - from < value.length) {
                    addTrimmed(value, from, i, builder);
                }
                from = i + 1;
            }
        }
    }

    private static void addTrimmed(byte[] value, int from, int to, Patterns.Builder builder) {
        int first = from;
        int last = to;
        while (first < last && value[first] <= ' ' && value[first] >= 0) {
            first++;
        }
        while (last > first && value[last - 1] <= ' ' && value[last - 1] >= 0) {
            last--;
        }
        if (last - first >= SHORTEST_LINE) {
            builder.add(value, first, last);
        }
    }

    private static boolean contains(String word, byte[] value) {
        for (int at = 0; at + value.length <= word.length(); at++) {
            int same = 0;
            while (same < value.length && word.charAt(at + same) == value[same]) {
                same++;
            }
            if (same == value.length) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            patterns.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return "Redactor[********]";
    }
}
