package dev.nightsafe.database.engine;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock file beside a SQLite database. The kernel gives it back when the process ends, however it ends. The file itself
 * stays: removing it would let two processes lock two files of the same name.
 */
final class FileClaim implements Backend.Claim {
    /** POSIX drops a process's lock when any of its descriptors of the file is closed, so a second one is never opened. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private FileClaim(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static FileClaim of(Path lockFile) throws IOException {
        PrivateFile.ensure(lockFile);
        Path file = lockFile.toRealPath();
        if (!HELD_HERE.add(file)) {
            throw refused(file);
        }
        try {
            return new FileClaim(file, locked(file));
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(file);
            throw e;
        }
    }

    private static FileChannel locked(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw refused(file);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static NightsafeException refused(Path file) {
        return new NightsafeException(
                ProblemCode.DATABASE_UNAVAILABLE,
                "another process owns this database and holds " + file + "; stop it first");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock goes with the descriptor, which is closed whatever the answer.
            System.getLogger(FileClaim.class.getName()).log(System.Logger.Level.WARNING, "closing " + file, e);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
