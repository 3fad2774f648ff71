package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.Masking;
import dev.nightsafe.core.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replaces every known value with {@code ********}, in all the forms that {@code docs/redaction.md} promises. Values of
 * {@link Masking#NEVER} are left. Safe for use by several threads until it is closed.
 */
public final class Redactor implements AutoCloseable {
    static final byte[] MASK = "********".getBytes(StandardCharsets.US_ASCII);

    /** An escape has at most so many bytes for each byte of a value: a quote, escaped four times. */
    static final int LONGEST_ESCAPE = 16;

    private static final int LAYERS = 4;

    private final Search folded;
    private final Search exact;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final int reach;
    private boolean closed;

    private Redactor(Search folded, Search exact) {
        this.folded = folded;
        this.exact = exact;
        this.reach = longestMatch();
    }

    /** Learns the values; the caller still owns and closes them. */
    public static Redactor of(Collection<SecretBytes> values) {
        try (Forms.Builder folded = new Forms.Builder();
                Forms.Builder exact = new Forms.Builder()) {
            for (SecretBytes value : different(values)) {
                if (isRedacted(value)) {
                    value.exposing(bytes -> {
                        Values.add(bytes, folded, exact);
                        return bytes.length;
                    });
                }
            }
            return new Redactor(
                    new Search(folded.build(), Values.SHORTEST_FOLDED, true),
                    new Search(exact.build(), Masking.SHORTEST, false));
        }
    }

    /** Comparing the pieces of a long value with itself would take time quadratic in its length. */
    private static List<SecretBytes> different(Collection<SecretBytes> values) {
        List<SecretBytes> different = new ArrayList<>();
        for (SecretBytes value : values) {
            if (different.stream().noneMatch(known -> isEqual(known, value))) {
                different.add(value);
            }
        }
        return different;
    }

    private static boolean isEqual(SecretBytes one, SecretBytes other) {
        return one.length() == other.length() && one.exposeSegment().mismatch(other.exposeSegment()) < 0;
    }

    /** False for a value that can't be redacted without breaking what it stands in. */
    public static boolean isRedacted(SecretBytes value) {
        return Masking.of(value) != Masking.NEVER;
    }

    /** A copy in which every known value is replaced. */
    public byte[] redact(byte[] in, int from, int to) {
        return mask(in, from, to, find(in, from, to));
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
        Ranges found = find(in, from, to);
        return first < to && in[first] == '{' ? JsonMask.apply(in, from, to, found) : mask(in, from, to, found);
    }

    /** Where known values stand: in order, none overlapping or adjoining another. */
    Ranges find(byte[] in, int from, int to) {
        return whileOpen(() -> {
            Ranges found = new Ranges();
            try (View text = View.of(in, from, to)) {
                findIn(text, LAYERS, found);
            }
            return found.isEmpty() ? found : found.moved(from).merged();
        });
    }

    /** In the text, in what it is without one other kind of escape, and in what it is without backslashes. */
    private void findIn(View text, int layers, Ranges found) {
        search(text, found);
        searchWithout(text, Escape.PERCENT, found);
        searchWithout(text, Escape.ENTITY, found);
        searchWithout(text, Escape.QUOTES, found);
        try (View spaced = text.undo(Escape.PLUS, reach * LONGEST_ESCAPE)) {
            if (spaced != null && !searchWithout(spaced, Escape.PERCENT, found)) {
                search(spaced, found);
            }
        }
        if (layers > 0) {
            findBelow(text, layers, found);
        }
    }

    private void findBelow(View text, int layers, Ranges found) {
        try (View below = text.undo(Escape.BACKSLASH, reach * LONGEST_ESCAPE)) {
            if (below != null) {
                findIn(below, layers - 1, found);
                if (below.hasOctets) {
                    searchWithout(text, Escape.BACKSLASH_LATIN, found);
                }
            }
        }
    }

    /** False when there is no such escape. */
    private boolean searchWithout(View text, Escape escape, Ranges found) {
        try (View without = text.undo(escape, reach)) {
            if (without != null) {
                search(without, found);
            }
            return without != null;
        }
    }

    private void search(View view, Ranges found) {
        if (!folded.isEmpty()) {
            found.addAll(view.fromFolded(folded.find(view.folded, view.foldedLength)));
        }
        if (!exact.isEmpty()) {
            found.addAll(view.toRead(exact.find(view.bytes, view.length)));
        }
    }

    static byte[] mask(byte[] in, int from, int to, Ranges found) {
        if (found.isEmpty()) {
            return Arrays.copyOfRange(in, from, to);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from + MASK.length);
        int at = from;
        for (int i = 0; i < found.count(); i++) {
            out.write(in, at, found.from(i) - at);
            out.writeBytes(MASK);
            at = found.to(i);
        }
        out.write(in, at, to - at);
        return out.toByteArray();
    }

    /** So many significant characters in a row are enough to know any match, or the whole of it. */
    int longestMatch() {
        return Math.max(folded.longest(), exact.longest());
    }

    /** Tells if both look for the same values. */
    boolean equalTo(Redactor other) {
        return folded.equalTo(other.folded) && exact.equalTo(other.exact);
    }

    /** The values are zeros once they are closed: nothing may pass then as if it had been looked at. */
    private <T> T whileOpen(Supplier<T> use) {
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

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            folded.close();
            exact.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return "Redactor[********]";
    }
}
