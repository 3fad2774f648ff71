package dev.nightsafe.runner.outbound;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks for all forms at once: by pieces of a few characters, one every {@link #stride} of a form, in a hash table behind
 * a bit filter; a hit is compared to both sides with the form. Takes time linear in the text: one that needs more is
 * found to be a match as a whole. Safe for use by several threads until closed.
 */
final class Search implements AutoCloseable {
    /** Pieces of a form are this far apart, so that of any 24 characters in a row one piece is whole. */
    private static final int STRIDE = 16;

    /** A longer form has its pieces further apart, which bounds the table. */
    private static final int MOST_PIECES = 1 << 14;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int COMPARISONS_A_BYTE = 64;
    private static final int COMPARISONS_FREE = 1 << 20;

    private final Forms forms;
    private final int piece;
    private final boolean inParts;
    private final int[] heads;
    private final int[] next;
    private final int[] form;
    private final int[] offset;
    private final long[] filter;
    private final int headShift;
    private final int filterShift;
    private int count;

    /**
     * @param forms each of at least {@code piece} characters; closed with this
     * @param piece 8 or 4
     * @param inParts whether a part of a form is a match
     */
    Search(Forms forms, int piece, boolean inParts) {
        this.forms = forms;
        this.piece = piece;
        this.inParts = inParts;
        int most = 0;
        for (int i = 0; i < forms.count(); i++) {
            most += (forms.length(i) - piece) / stride(i) + 1;
        }
        int bits = Math.max(6, 32 - Integer.numberOfLeadingZeros(most));
        heads = new int[1 << bits];
        Arrays.fill(heads, -1);
        next = new int[most];
        form = new int[most];
        offset = new int[most];
        filter = new long[1 << (bits - 1)]; // 32 to 64 bits a piece
        headShift = 64 - bits;
        filterShift = 64 - bits - 5;
        for (int i = 0; i < forms.count(); i++) {
            addPieces(i);
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Characters of the longest form, or part of one, that it may take to know a match. */
    int longest() {
        int longest = 0;
        for (int i = 0; i < forms.count(); i++) {
            longest = Math.max(longest, enough(i));
        }
        return longest;
    }

    /** Tells if both look for the same values. */
    boolean equalTo(Search other) {
        return forms.equalTo(other.forms);
    }

    private int stride(int i) {
        return STRIDE * Math.ceilDiv(forms.length(i), STRIDE * MOST_PIECES);
    }

    /** How many characters in a row are a match. */
    private int enough(int i) {
        return inParts ? Math.min(forms.length(i), stride(i) + piece) : forms.length(i);
    }

    private void addPieces(int added) {
        int step = inParts && forms.length(added) >= STRIDE + piece ? stride(added) : forms.length(added);
        for (int at = 0; at + piece <= forms.length(added); at += step) {
            long hash = pieceOf(added, at) * MULTIPLIER;
            int slot = (int) (hash >>> headShift);
            if (!isKnown(slot, added, at)) {
                form[count] = added;
                offset[count] = at;
                next[count] = heads[slot];
                heads[slot] = count++;
                int bit = (int) (hash >>> filterShift);
                filter[bit >>> 6] |= 1L << bit;
            }
        }
    }

    /** Repetitive values would make long chains: the same piece of a form, or the same form, is there once. */
    private boolean isKnown(int slot, int added, int at) {
        for (int i = heads[slot]; i >= 0; i = next[i]) {
            boolean sameForm = form[i] == added || (offset[i] == at && forms.same(form[i], added));
            if (sameForm && pieceOf(form[i], offset[i]) == pieceOf(added, at)) {
                return true;
            }
        }
        return false;
    }

    private long pieceOf(int of, int at) {
        long made = 0;
        for (int i = piece - 1; i >= 0; i--) {
            made = (made << 8) | (forms.at(of, at + i) & 0xff);
        }
        return made;
    }

    /** What of the text's first {@code length} bytes is a form or a part of one; in no order, overlapping. */
    Ranges find(byte[] text, int length) {
        Matches matches = new Matches(text, length);
        long[] bits = filter;
        int shift = filterShift;
        int in = 64 - 8 * piece;
        long read = 0;
        for (int i = 0; i < length; i++) {
            read = (read >>> 8) | ((long) text[i] << 56);
            long hash = (read >>> in) * MULTIPLIER;
            int bit = (int) (hash >>> shift);
            if ((bits[bit >>> 6] & (1L << bit)) != 0 && i + 1 >= piece) {
                matches.compare((int) (hash >>> headShift), i + 1 - piece);
            }
        }
        return matches.isTooMuch() ? whole(length) : matches.found;
    }

    private static Ranges whole(int length) {
        Ranges all = new Ranges();
        all.add(0, length);
        return all;
    }

    /** The matches in one text. */
    private final class Matches {
        private final byte[] text;
        private final int length;
        private final Ranges found = new Ranges();
        private final long allowed;
        private long done;

        /** For each form, where its last match began (were it whole) and ended: its other pieces find the same. */
        private long @Nullable [] lastMatch;

        Matches(byte[] text, int length) {
            this.text = text;
            this.length = length;
            this.allowed = (long) length * COMPARISONS_A_BYTE + COMPARISONS_FREE;
        }

        boolean isTooMuch() {
            return done > allowed;
        }

        void compare(int slot, int at) {
            for (int i = heads[slot]; i >= 0 && !isTooMuch(); i = next[i]) {
                if (!isIn(form[i], at - offset[i], at)) {
                    compare(form[i], offset[i], at);
                }
            }
        }

        private void compare(int with, int position, int at) {
            int after = 0;
            while (position + after < forms.length(with)
                    && at + after < length
                    && text[at + after] == (byte) forms.at(with, position + after)) {
                after++;
            }
            int before = 0;
            while (after >= piece
                    && before < position
                    && before < at
                    && text[at - before - 1] == (byte) forms.at(with, position - before - 1)) {
                before++;
            }
            done += after + before + 1;
            if (before + after >= enough(with)) {
                found.add(at - before, at + after);
                remember(with, at - position, at + after);
            }
        }

        private boolean isIn(int of, int begin, int at) {
            return lastMatch != null && (int) (lastMatch[of] >> 32) == begin && at < (int) lastMatch[of];
        }

        private void remember(int of, int begin, int end) {
            if (lastMatch == null) {
                lastMatch = new long[forms.count()];
            }
            lastMatch[of] = ((long) begin << 32) | end;
        }
    }

    @Override
    public void close() {
        forms.close();
        Arrays.fill(filter, 0);
        Arrays.fill(heads, -1);
    }
}
