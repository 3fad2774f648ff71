package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.runner.local.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Folders for files with secrets: in memory ({@code /dev/shm}) where the machine has that, else in the runner's folder.
 * What a killed runner left is removed when the next one starts.
 */
final class SecretFolders {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path root;
    private final AtomicInteger next = new AtomicInteger();

    /** @param folder the runner's own; no two runners share one */
    SecretFolders(Path folder) {
        String name = "nightsafe-" + Digests.sha256Hex(folder.toString()).substring(0, 16);
        Path inMemory = MEMORY.resolve(name);
        root = Files.isWritable(MEMORY) && mayUse(inMemory) ? inMemory : folder.resolve("secrets");
        PrivateFiles.delete(root);
        KeyFile.folder(root);
    }

    /** Lets other users pass through, to a folder whose name they are told and which is theirs. */
    SecretFolders passable() {
        try {
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
            return this;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("can't open " + root + " for workers", e);
        }
    }

    Path create() {
        return KeyFile.folder(root.resolve(Integer.toString(next.incrementAndGet())));
    }

    /** False when someone else put something there before us. */
    private static boolean mayUse(Path folder) {
        try {
            return !Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                    || Files.getOwner(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                            .equals(Files.getOwner(Path.of("/proc/self")));
        } catch (IOException e) {
            return false;
        }
    }
}
