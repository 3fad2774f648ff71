package dev.nightsafe.runner.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads lines as bytes, with a bound: what a flood can take is the longest line. Its buffers are wiped, since a line may
 * hold a value before it is redacted.
 */
public final class Lines {
    /** The longest line that is passed on: 2 MiB. */
    public static final int LONGEST = 2 << 20;

    private static final int CHUNK = 64 << 10;

    /** How a line ended. */
    public enum Ending {
        NEWLINE,
        /** It was longer than {@link #LONGEST}; only its start is here. */
        TOO_LONG,
        /** The output ended with it, which may have broken off in its middle. */
        CUT_OFF
    }

    /** Takes one line. The bytes are valid during the call only. */
    @FunctionalInterface
    public interface Taker {
        void take(byte[] buffer, int from, int to, Ending ending);
    }

    private byte[] line = new byte[CHUNK];
    private int length;
    private boolean tooLong;

    private Lines() {}

    /** Reads until the end, the last line also without a newline. An error in reading is the end. */
    public static void read(InputStream in, Taker taker) {
        new Lines().readAll(in, taker);
    }

    private void readAll(InputStream in, Taker taker) {
        byte[] chunk = new byte[CHUNK];
        try {
            int count;
            while ((count = in.read(chunk)) >= 0) {
                split(chunk, count, taker);
                Arrays.fill(chunk, 0, count, (byte) 0);
            }
        } catch (IOException e) {
            // The process is gone.
        } finally {
            if (length > 0) {
                end(taker, Ending.CUT_OFF);
            }
            Arrays.fill(chunk, (byte) 0);
        }
    }

    private void split(byte[] chunk, int count, Taker taker) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (chunk[i] == '\n') {
                append(chunk, from, i);
                end(taker, Ending.NEWLINE);
                from = i + 1;
            }
        }
        append(chunk, from, count);
    }

    private void append(byte[] chunk, int from, int to) {
        int taken = Math.min(to - from, LONGEST - length);
        tooLong |= taken < to - from;
        if (length + taken > line.length) {
            byte[] old = line;
            line = Arrays.copyOf(old, Math.min(LONGEST, Math.max(old.length * 2, length + taken)));
            Arrays.fill(old, (byte) 0);
        }
        System.arraycopy(chunk, from, line, length, taken);
        length += taken;
    }

    private void end(Taker taker, Ending ending) {
        int to = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        try {
            taker.take(line, 0, to, tooLong ? Ending.TOO_LONG : ending);
        } finally {
            Arrays.fill(line, 0, length, (byte) 0);
            length = 0;
            tooLong = false;
        }
    }
}
