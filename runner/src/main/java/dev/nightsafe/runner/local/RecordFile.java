package dev.nightsafe.runner.local;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * A record of lines that is only ever added to, 0600: at its largest size the file becomes {@code <name>.1}, and so on; the
 * oldest is deleted. Thread-safe.
 */
public final class RecordFile {
    private final Path file;
    private final long largest;
    private final int kept;
    /** Kept open; not a channel, which a thread that is interrupted would close. */
    private @Nullable FileOutputStream out;

    private long size;

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
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            opened().write(bytes);
            size += bytes.length;
        } catch (IOException e) {
            close();
            System.getLogger("nightsafe.runner")
                    .log(System.Logger.Level.WARNING, "can''t write {0}: {1}", file, e.getMessage());
        }
    }

    /** The file, another one when this is large enough or somebody took it away. */
    private FileOutputStream opened() throws IOException {
        FileOutputStream current = out;
        boolean there = Files.exists(file);
        if (current != null && there && size <= largest) {
            return current;
        }
        close();
        if (there && Files.size(file) > largest) {
            rotate();
        }
        PrivateFiles.createIfAbsent(file);
        FileOutputStream opened = new FileOutputStream(file.toFile(), true);
        out = opened;
        size = Files.size(file);
        if (isCutOff()) {
            opened.write('\n');
        }
        return opened;
    }

    /** As when the machine lost its power in the middle of a line. */
    private boolean isCutOff() throws IOException {
        if (size == 0) {
            return false;
        }
        try (RandomAccessFile written = new RandomAccessFile(file.toFile(), "r")) {
            written.seek(size - 1);
            return written.read() != '\n';
        }
    }

    private void close() {
        FileOutputStream closed = out;
        out = null;
        try {
            if (closed != null) {
                closed.close();
            }
        } catch (IOException e) {
            // Each line was written at once: nothing is lost with it.
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
