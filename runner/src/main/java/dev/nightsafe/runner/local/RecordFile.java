package dev.nightsafe.runner.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A record of lines that is only ever added to, 0600: at its largest size the file becomes {@code <name>.1}, and so on; the
 * oldest is deleted. Thread-safe.
 */
public final class RecordFile {
    private final Path file;
    private final long largest;
    private final int kept;
    private boolean begun;

    /**
     * @param largest so many bytes of a file are enough
     * @param kept how many older files are kept
     */
    public RecordFile(Path file, long largest, int kept) {
        this.file = file;
        this.largest = largest;
        this.kept = kept;
    }

    public Path path() {
        return file;
    }

    /** Adds a line. What can't be written is logged: the runner goes on without it. */
    public synchronized void add(String line) {
        try {
            if (Files.exists(file) && Files.size(file) > largest) {
                rotate();
            }
            PrivateFiles.createIfAbsent(file);
            Files.writeString(file, begin() + line + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.getLogger("nightsafe.runner")
                    .log(System.Logger.Level.WARNING, "can''t write {0}: {1}", file, e.getMessage());
        }
    }

    /** A line that was cut off when the machine lost its power is ended first. */
    private String begin() throws IOException {
        if (begun) {
            return "";
        }
        begun = true;
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            if (channel.size() == 0) {
                return "";
            }
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) == '\n' ? "" : "\n";
        }
    }

    private void rotate() throws IOException {
        for (int i = kept; i > 0; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The older file of this number, from 1. */
    public Path numbered(int i) {
        return file.resolveSibling(file.getFileName() + "." + i);
    }
}
