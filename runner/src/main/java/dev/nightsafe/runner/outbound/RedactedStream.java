package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Redacts what arrives in pieces as if it had arrived at once: what may be the beginning of a value is held back until
 * more has come or {@link #flush} says that nothing will. For use by one thread at a time.
 */
public final class RedactedStream implements AutoCloseable {
    /** Takes redacted text; the bytes are valid during the call only. */
    @FunctionalInterface
    public interface Sink {
        void take(byte[] bytes, int from, int to);
    }

    private static final int BATCH = 64 << 10;

    private final Redactor redactor;
    private final Sink sink;

    private byte[] bytes = new byte[BATCH];
    private int length;

    /** Up to here the sink has it; the rest of it is kept, for values that go on. */
    private int passed;

    private boolean inMask;
    private boolean closed;

    /** What is kept while nothing comes: it may hold values, so it doesn't stay on the heap. */
    private @Nullable SecretBytes resting;

    public RedactedStream(Redactor redactor, Sink sink) {
        this.redactor = redactor;
        this.sink = sink;
    }

    /** Once it is closed, nothing is taken any more. */
    public void write(byte[] in, int from, int to) {
        if (closed) {
            return;
        }
        wake();
        if (length + to - from > bytes.length) {
            byte[] old = bytes;
            bytes = Arrays.copyOf(old, Math.max(old.length * 2, length + to - from));
            Arrays.fill(old, (byte) 0);
        }
        System.arraycopy(in, from, bytes, length, to - from);
        length += to - from;
        if (length - passed >= BATCH) {
            passDecided();
        }
    }

    /** Passes on what no value can reach any more, whatever comes. */
    public void passDecided() {
        if (!isHolding()) {
            return;
        }
        int end = before(length);
        pass(length - end > BATCH ? length : end);
    }

    /** Passes on everything. What it ends with isn't seen as the beginning of a value; what follows still as its end. */
    public void flush() {
        pass(length);
        if (resting == null) {
            resting = SecretBytes.takeFrom(bytes, 0, length);
        }
    }

    private void wake() {
        if (resting != null) {
            resting.copyTo(ByteBuffer.wrap(bytes));
            resting.close();
            resting = null;
        }
    }

    /** True when something was written and not passed on. */
    public boolean isHolding() {
        return passed < length;
    }

    private void pass(int end) {
        if (end <= passed || closed) {
            return;
        }
        Ranges found = redactor.find(bytes, 0, length);
        for (int i = 0; i < found.count() && found.from(i) < end; i++) {
            if (found.to(i) > passed) {
                plain(Math.min(end, found.from(i)));
                mask(Math.min(end, found.to(i)));
            }
        }
        plain(end);
        forget(before(passed));
    }

    private void plain(int end) {
        if (end > passed) {
            sink.take(bytes, passed, end);
            passed = end;
            inMask = false;
        }
    }

    private void mask(int end) {
        if (!inMask) {
            sink.take(Redactor.MASK, 0, Redactor.MASK.length);
        }
        passed = end;
        inMask = true;
    }

    private int before(int end) {
        // So many bytes, white space not counted, are enough to know whether a value goes on behind them.
        int enough = redactor.longestMatch() * Redactor.LONGEST_ESCAPE;
        int significant = 0;
        int at = end;
        while (at > 0 && significant < enough) {
            significant += Folding.isKept(bytes[--at]) ? 1 : 0;
        }
        return at;
    }

    private void forget(int until) {
        System.arraycopy(bytes, until, bytes, 0, length - until);
        Arrays.fill(bytes, length - until, length, (byte) 0);
        length -= until;
        passed -= until;
    }

    /** Passes on what is left. */
    @Override
    public void close() {
        flush();
        closed = true;
        wake();
        Arrays.fill(bytes, (byte) 0);
    }
}
