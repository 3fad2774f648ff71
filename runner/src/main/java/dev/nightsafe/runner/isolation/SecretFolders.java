package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.runner.local.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Folders for files with secrets: in memory ({@code /dev/shm}) where the machine has that, else in the runner's folder.
 * What a killed runner left is removed when the next one starts.
 */
final class SecretFolders implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path root;
    private final AtomicInteger next = new AtomicInteger();

    /** @param folder the runner's own; no two runners share one */
    SecretFolders(Path folder) {
        this(folder, MEMORY);
    }

    SecretFolders(Path folder, Path memory) {
        String prefix = "nightsafe-" + Digests.sha256Hex(folder.toString()).substring(0, 16) + "-";
        try {
            root = Files.isDirectory(memory) && Files.isWritable(memory)
                    ? inMemory(memory, prefix)
                    : onDisk(folder.resolve("secrets"));
        } catch (IOException e) {
            throw new UncheckedIOException("can't make a folder for files with secrets", e);
        }
    }

    /** Under a name that nobody can take before us, 0700. */
    private static Path inMemory(Path memory, String prefix) throws IOException {
        Path made = Files.createTempDirectory(memory, prefix);
        try (DirectoryStream<Path> earlier = Files.newDirectoryStream(memory, prefix + "*")) {
            for (Path left : earlier) {
                if (!left.equals(made)
                        && Files.getOwner(left, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(made))) {
                    PrivateFiles.delete(left);
                }
            }
        }
        return made;
    }

    private static Path onDisk(Path folder) {
        PrivateFiles.delete(folder);
        return KeyFile.folder(folder);
    }

    /** Lets other users pass through, to a folder whose name they are told and which is theirs. */
    SecretFolders passable() {
        try {
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("can't open " + root + " for workers", e);
        }
    }

    Path create() {
        return KeyFile.folder(root.resolve(Integer.toString(next.incrementAndGet())));
    }

    @Override
    public void close() {
        PrivateFiles.delete(root);
    }
}
