package dev.nightsafe.runner.outbound;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text as it was read, or parts of one after escapes in them were undone, beside the same folded. What is found in it
 * can be told in terms of the text that was read. Wiped when closed; a view that it was made of must be closed after it.
 * For use by one thread.
 */
final class View implements AutoCloseable {
    final byte[] bytes;
    final int length;
    final byte[] folded;
    final int foldedLength;

    /** An escape was undone that stands for a byte in some languages, for a character in others. */
    final boolean hasOctets;

    private final int[] leads;
    private final int leadCount;
    private final @Nullable Origin origin;

    /** What a view was made of: these parts of {@code source}, with the escapes in them undone. */
    private record Origin(View source, Escape kind, Ranges escapes, Ranges parts) {}

    private View(Unescaped text, @Nullable Origin origin) {
        this.bytes = text.bytes;
        this.length = text.length;
        this.hasOctets = text.hasOctets;
        this.origin = origin;
        Folding folding = new Folding(bytes, length);
        this.folded = folding.folded();
        this.foldedLength = folding.length();
        this.leads = folding.leads();
        this.leadCount = folding.leadCount();
    }

    static View of(byte[] in, int from, int to) {
        Unescaped text = new Unescaped(to - from);
        text.addAll(in, from, to);
        return new View(text, null);
    }

    /**
     * This text with one kind of escape undone, as far as it is new: each escape with {@code reach} significant bytes on
     * both sides. What has more on a side was a match before. Null when there is no such escape.
     */
    @Nullable
    View undo(Escape kind, int reach) {
        Ranges escapes = escapes(kind);
        if (escapes.isEmpty()) {
            return null;
        }
        Origin from = new Origin(this, kind, escapes, around(escapes, reach));
        Unescaped out = new Unescaped(from.parts.total());
        int escape = 0;
        for (int i = 0; i < from.parts.count(); i++) {
            int at = from.parts.from(i);
            for (; escape < escapes.count() && escapes.from(escape) < from.parts.to(i); escape++) {
                out.addAll(bytes, at, escapes.from(escape));
                kind.undo(bytes, escapes.from(escape), length, out);
                at = escapes.to(escape);
            }
            out.addAll(bytes, at, from.parts.to(i));
        }
        return new View(out, from);
    }

    private Ranges escapes(Escape kind) {
        Ranges escapes = new Ranges();
        Unescaped unused = new Unescaped(8);
        int done = 0;
        for (int i = 0; i < leadCount; i++) {
            int at = leads[i];
            if (bytes[at] == kind.lead() && at >= done) {
                unused.length = 0;
                int escaped = kind.undo(bytes, at, length, unused);
                if (escaped > 0) {
                    done = at + escaped;
                    escapes.add(at, done);
                }
            }
        }
        return escapes;
    }

    private Ranges around(Ranges escapes, int reach) {
        Ranges parts = new Ranges();
        for (int i = 0, done = 0; i < escapes.count(); i++) {
            int next = i + 1 < escapes.count() ? escapes.from(i + 1) : length;
            parts.add(before(escapes.from(i), reach, done), after(escapes.to(i), reach, next));
            done = escapes.to(i);
        }
        return parts.merged();
    }

    /** No farther than to the escape before it, which has its own surroundings: all of this takes linear time. */
    private int before(int end, int reach, int until) {
        int at = end;
        for (int significant = 0; at > until && significant < reach; ) {
            significant += Folding.isKept(bytes[--at]) ? 1 : 0;
        }
        return at;
    }

    private int after(int begin, int reach, int until) {
        int at = begin;
        for (int significant = 0; at < until && significant < reach; at++) {
            significant += Folding.isKept(bytes[at]) ? 1 : 0;
        }
        return at;
    }

    /** Parts of the folded text, in terms of the text that was read. */
    Ranges fromFolded(Ranges found) {
        return found.isEmpty() ? found : toRead(Folding.unfold(found.merged(), bytes, length));
    }

    /** Parts of this text, in terms of the text that was read. */
    Ranges toRead(Ranges found) {
        return found.isEmpty() || origin == null ? found : origin.source.toRead(toSource(found.merged(), origin));
    }

    /** Goes through the source as {@link #undo} did; what an escape stands for takes the whole escape with it. */
    private static Ranges toSource(Ranges found, Origin origin) {
        Ranges result = new Ranges();
        Unescaped unit = new Unescaped(8);
        int made = 0;
        int escape = 0;
        int range = 0;
        int start = -1;
        for (int i = 0; i < origin.parts.count(); i++) {
            for (int at = origin.parts.from(i); at < origin.parts.to(i) && range < found.count(); ) {
                int end = at + 1;
                if (escape < origin.escapes.count() && origin.escapes.from(escape) == at) {
                    end = origin.escapes.to(escape++);
                    unit.length = 0;
                    origin.kind.undo(origin.source.bytes, at, origin.source.length, unit);
                    made += unit.length;
                } else {
                    made++;
                }
                while (range < found.count() && made > found.from(range)) {
                    start = start < 0 ? at : start;
                    if (made < found.to(range)) {
                        break;
                    }
                    result.add(start, end);
                    start = -1;
                    range++;
                }
                at = end;
            }
        }
        return result;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, 0, length, (byte) 0);
        Arrays.fill(folded, 0, foldedLength, (byte) 0);
    }
}
