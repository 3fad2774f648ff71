package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.Masking;
import dev.nightsafe.core.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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

    /** So many sets of values of one worker are known, the newest; each is searched for by itself. */
    private static final int MOST_SETS = 8;

    /** A program may have copied a value before it was replaced, and may print it for a while; idle ones, too. */
    private static final Duration COPIED = Duration.ofMinutes(5);

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final LongSupplier nanos;
    private volatile List<Searches> sets;

    /** Since when the worker hasn't these any more. */
    private final IdentityHashMap<Searches, Long> replacedAt = new IdentityHashMap<>();

    private boolean closed;

    /** For one set of values. */
    private record Searches(Search folded, Search exact) {
        int longest() {
            return Math.max(folded.longest(), exact.longest());
        }

        boolean equalTo(Searches other) {
            return folded.equalTo(other.folded) && exact.equalTo(other.exact);
        }

        void close() {
            folded.close();
            exact.close();
        }
    }

    private Redactor(Searches first, LongSupplier nanos) {
        this.sets = List.of(first);
        this.nanos = nanos;
    }

    /** Learns the values; the caller still owns and closes them. */
    public static Redactor of(Collection<SecretBytes> values) {
        return of(values, System::nanoTime);
    }

    /** @param nanos a clock that never goes back */
    static Redactor of(Collection<SecretBytes> values, LongSupplier nanos) {
        return new Redactor(searches(values), nanos);
    }

    /**
     * Learns these too: all that a worker is about to have. When it knows eight sets it forgets the oldest that the worker hasn't
     * had for five minutes, by {@link #keepNewest}.
     *
     * @throws NightsafeException when there is none: the worker must not get more
     */
    void add(Collection<SecretBytes> values) {
        Searches added = searches(values);
        lock.writeLock().lock();
        try {
            if (closed) {
                added.close();
                return;
            }
            List<Searches> all = new ArrayList<>(sets);
            Searches dropped = dropped(all, added);
            all.add(added);
            sets = List.copyOf(all);
            if (dropped != null) {
                dropped.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Makes room, if there must be: the same set moves to the end. */
    private @Nullable Searches dropped(List<Searches> all, Searches added) {
        int known = IntStream.range(0, all.size())
                .filter(i -> added.equalTo(all.get(i)))
                .findFirst()
                .orElse(all.size() < MOST_SETS ? -1 : 0);
        if (known < 0) {
            return null;
        }
        if (!added.equalTo(all.get(known)) && !isForgettable(all.get(known))) {
            added.close();
            throw new NightsafeException(
                    ProblemCode.INTERNAL,
                    "it may have the values of " + MOST_SETS
                            + " deposits by now, and more can't be kept from what leaves until its task has ended and "
                            + COPIED.toMinutes() + " minutes have passed, or it starts anew");
        }
        Searches dropped = all.remove(known);
        replacedAt.remove(dropped);
        return dropped;
    }

    private boolean isForgettable(Searches set) {
        Long since = replacedAt.get(set);
        return since != null && nanos.getAsLong() - since >= COPIED.toNanos();
    }

    /** From now on the worker has only what was learnt last. */
    public void keepNewest() {
        lock.writeLock().lock();
        try {
            long now = nanos.getAsLong();
            sets.subList(0, sets.size() - 1).forEach(set -> replacedAt.putIfAbsent(set, now));
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static Searches searches(Collection<SecretBytes> values) {
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
            return new Searches(
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
        try (View spaced = text.undo(Escape.PLUS, longestMatch() * LONGEST_ESCAPE)) {
            if (spaced != null && !searchWithout(spaced, Escape.PERCENT, found)) {
                search(spaced, found);
            }
        }
        if (layers > 0) {
            findBelow(text, layers, found);
        }
    }

    private void findBelow(View text, int layers, Ranges found) {
        try (View below = text.undo(Escape.BACKSLASH, longestMatch() * LONGEST_ESCAPE)) {
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
        try (View without = text.undo(escape, longestMatch())) {
            if (without != null) {
                search(without, found);
            }
            return without != null;
        }
    }

    private void search(View view, Ranges found) {
        for (Searches set : sets) {
            if (!set.folded().isEmpty()) {
                found.addAll(view.fromFolded(set.folded().find(view.folded, view.foldedLength)));
            }
            if (!set.exact().isEmpty()) {
                found.addAll(view.toRead(set.exact().find(view.bytes, view.length)));
            }
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
        int longest = 0;
        for (Searches set : sets) {
            longest = Math.max(longest, set.longest());
        }
        return longest;
    }

    /** Tells if both look for the same values. */
    boolean equalTo(Redactor other) {
        return whileOpen(() -> other.whileOpen(() -> {
            List<Searches> others = other.sets;
            return sets.size() == others.size()
                    && IntStream.range(0, others.size())
                            .allMatch(i -> sets.get(i).equalTo(others.get(i)));
        }));
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
            sets.forEach(Searches::close);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return "Redactor[********]";
    }
}
