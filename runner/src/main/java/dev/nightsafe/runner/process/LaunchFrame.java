package dev.nightsafe.runner.process;

import dev.nightsafe.core.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What {@code launcher.py} reads from its standard input: arguments, variables, files. Values pass through it as bytes;
 * its buffers are wiped when they grow and when it is closed. For one launch and one thread.
 */
public final class LaunchFrame implements AutoCloseable {
    /**
     * A frame is never shorter than the buffer of a process's output stream, so that it is written past that buffer
     * and no value stays there.
     */
    private static final int SHORTEST = 16 << 10;

    private static final int HEAD = 12;
    private static final byte[] MAGIC = {'N', 'S', 'F', '1'};

    private final Growing bytes = new Growing();

    /** Ends the command when the thread that starts it does, as long as {@code pid} is its parent. */
    public LaunchFrame diesWith(long pid) {
        return add('O', "", utf8(Long.toString(pid)));
    }

    public LaunchFrame argument(String argument) {
        return add('A', "", utf8(argument));
    }

    public LaunchFrame variable(String name, String plainValue) {
        return add('E', name, utf8(plainValue));
    }

    public LaunchFrame variable(String name, SecretBytes value) {
        return value.exposing(bytes -> add('E', name, bytes));
    }

    /** A file that only its owner can read, made before the command starts. */
    public LaunchFrame file(String path, SecretBytes value) {
        return value.exposing(bytes -> add('F', path, bytes));
    }

    /** A file in memory, which nobody can change any more, that the command and its children have as this descriptor. */
    public LaunchFrame memoryFile(int descriptor, SecretBytes value) {
        return value.exposing(bytes -> add('M', Integer.toString(descriptor), bytes));
    }

    /**
     * Instead of a command: files of a worker that runs are replaced, each in one step, none before all are written.
     *
     * @param start a folder that the worker can't have put there
     * @param steps from there on, {@code a/b}; the worker may have changed them, so none of them may be a link
     */
    public LaunchFrame replaceIn(String start, String steps) {
        return add('D', start, utf8(steps));
    }

    /** Where {@link #replaceIn} begins at a process: whose child that must be. */
    public LaunchFrame childOf(long child, long parent) {
        return add('P', Long.toString(child), utf8(Long.toString(parent)));
    }

    public LaunchFrame replacement(String name, SecretBytes value) {
        return value.exposing(bytes -> add('R', name, bytes));
    }

    public LaunchFrame workingFolder(String path) {
        return add('C', "", utf8(path));
    }

    /** What files of the command's own are made with; 077 when not said. */
    public LaunchFrame umask(String octal) {
        return add('U', "", utf8(octal));
    }

    /** The whole frame; the caller wipes it. */
    byte[] bytes() {
        add('0', "", new byte[Math.max(0, SHORTEST - bytes.size())]);
        byte[] frame = new byte[HEAD + bytes.size()];
        ByteBuffer.wrap(frame).put(MAGIC).putLong(bytes.size());
        bytes.copyTo(frame, HEAD);
        return frame;
    }

    private LaunchFrame add(char kind, String name, byte[] value) {
        byte[] nameBytes = utf8(name);
        bytes.write(kind);
        bytes.writeBytes(length(nameBytes));
        bytes.writeBytes(nameBytes);
        bytes.writeBytes(length(value));
        bytes.writeBytes(value);
        return this;
    }

    private static byte[] length(byte[] bytes) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        bytes.wipe();
    }

    /** A growing buffer that leaves nothing behind. */
    private static final class Growing extends ByteArrayOutputStream {
        Growing() {
            super(SHORTEST);
        }

        @Override
        public synchronized void write(byte[] added, int from, int length) {
            if (count + length > buf.length) {
                byte[] old = buf;
                buf = Arrays.copyOf(old, Math.max(old.length * 2, count + length));
                Arrays.fill(old, (byte) 0);
            }
            super.write(added, from, length);
        }

        @Override
        public synchronized void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        synchronized void copyTo(byte[] target, int at) {
            System.arraycopy(buf, 0, target, at, count);
        }

        synchronized void wipe() {
            Arrays.fill(buf, (byte) 0);
            count = 0;
        }
    }
}
