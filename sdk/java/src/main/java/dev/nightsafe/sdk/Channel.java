package dev.nightsafe.sdk;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lines from the runner and messages to it. Messages may be sent from any thread. */
final class Channel {
    private final InputStream in;
    private final OutputStream out;
    private @Nullable BlockingQueue<Optional<byte[]>> diverted;

    /** Nobody reads the answers any more. */
    static final class RunnerGone extends RuntimeException {
        private static final long serialVersionUID = 1;

        private RunnerGone(IOException cause) {
            super(cause);
        }
    }

    private Channel(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Takes standard input and output for the conversation. What the program reads then is empty.
     */
    static Channel takeOver() {
        keepPrintsOut();
        System.setIn(InputStream.nullInputStream());
        return new Channel(
                new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16),
                new FileOutputStream(FileDescriptor.out));
    }

    /** What the program prints goes to standard error. */
    static void keepPrintsOut() {
        System.out.flush();
        System.setOut(System.err);
    }

    /** Sends one message, whole. Throws {@link RunnerGone}. */
    void send(Map<String, ? extends @Nullable Object> message) {
        byte[] json = JsonText.write(message);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        synchronized (this) {
            try {
                out.write(line);
            } catch (IOException e) {
                throw new RunnerGone(e);
            }
        }
    }

    /** From now on lines that {@code take} takes, at once and on a thread of its own, aren't read. */
    void divert(Predicate<byte[]> take) {
        BlockingQueue<Optional<byte[]>> rest = new LinkedBlockingQueue<>();
        diverted = rest;
        Thread.ofPlatform().daemon().name("nightsafe lines").start(() -> {
            byte[] line;
            while ((line = readLine()) != null) {
                if (!take.test(line)) {
                    rest.add(Optional.of(line));
                }
            }
            rest.add(Optional.empty());
        });
    }

    /** The next line that isn't blank, null when the input ends or breaks. */
    byte @Nullable [] line() {
        BlockingQueue<Optional<byte[]>> rest = diverted;
        if (rest == null) {
            return readLine();
        }
        try {
            return rest.take().orElse(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private byte @Nullable [] readLine() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean blank = true;
        while (true) {
            int next = read();
            if (next < 0 || next == '\n') {
                if (!blank) {
                    return line.toByteArray();
                }
                if (next < 0) {
                    return null;
                }
                line.reset();
            } else {
                blank &= next <= ' ';
                line.write(next);
            }
        }
    }

    private int read() {
        try {
            return in.read();
        } catch (IOException e) {
            return -1;
        }
    }
}
