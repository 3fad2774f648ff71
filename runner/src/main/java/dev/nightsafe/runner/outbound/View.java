package dev.nightsafe.runner.outbound;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text as it was read, or after escapes in it were undone, beside the same folded. What is found in it can be told in
 * terms of the text that was read. Wiped when closed; a view that it was made of must be closed after it. For use by one
 * thread.
 */
final class View implements AutoCloseable {
    final byte[] bytes;
    final int length;
    final byte[] folded;
    final int foldedLength;

    /** An escape was undone that stands for a byte in some languages, for a character in others. */
    final boolean hasOctets;

    private final int leads;
    private final @Nullable View source;
    private final @Nullable Escape escape;

    private View(Unescaped text, @Nullable View source, @Nullable Escape escape) {
        this.bytes = text.bytes;
        this.length = text.length;
        this.hasOctets = text.hasOctets;
        this.folded = new byte[length + 1]; // one more: the last byte is written before it is known to be kept
        long result = Folding.fold(bytes, 0, length, folded);
        this.foldedLength = (int) result;
        this.leads = (int) (result >>> 32);
        this.source = source;
        this.escape = escape;
    }

    static View of(byte[] in, int from, int to) {
        Unescaped text = new Unescaped(to - from);
        text.addAll(in, from, to);
        return new View(text, null, null);
    }

    /** This text with one kind of escape undone; null when there is none in it. */
    @Nullable View undo(Escape kind) {
        if ((leads & kind.bit()) == 0) {
            return null;
        }
        int first = firstOf(kind);
        if (first < 0) {
            return null;
        }
        Unescaped out = new Unescaped(length);
        out.addAll(bytes, 0, first);
        for (int at = first; at < length; ) {
            int escaped = bytes[at] == kind.lead() ? kind.undo(bytes, at, length, out) : 0;
            if (escaped == 0) {
                out.add(bytes[at++]);
            } else {
                at += escaped;
            }
        }
        return new View(out, this, kind);
    }

    private int firstOf(Escape kind) {
        Unescaped unused = new Unescaped(8);
        for (int at = 0; at < length; at++) {
            unused.length = 0;
            if (bytes[at] == kind.lead() && kind.undo(bytes, at, length, unused) > 0) {
                return at;
            }
        }
        return -1;
    }

    /** Parts of the folded text, in terms of the text that was read. */
    Ranges fromFolded(Ranges found) {
        return found.isEmpty() ? found : toRead(Folding.unfold(found.merged(), bytes, length));
    }

    /** Parts of this text, in terms of the text that was read. */
    Ranges toRead(Ranges found) {
        if (found.isEmpty() || source == null || escape == null) {
            return found;
        }
        return source.toRead(toSource(found.merged(), source, escape));
    }

    /** Goes through the source as {@link #undo} did; what an escape stands for takes the whole escape with it. */
    private static Ranges toSource(Ranges found, View source, Escape escape) {
        Ranges result = new Ranges();
        Unescaped unit = new Unescaped(8);
        int made = 0;
        int start = -1;
        int range = 0;
        for (int at = 0; at < source.length && range < found.count(); ) {
            unit.length = 0;
            int escaped = source.bytes[at] == escape.lead() ? escape.undo(source.bytes, at, source.length, unit) : 0;
            int end = at + Math.max(escaped, 1);
            made += escaped == 0 ? 1 : unit.length;
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
        return result;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, 0, length, (byte) 0);
        Arrays.fill(folded, (byte) 0);
    }
}
