package dev.nightsafe.database.engine;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that only its owner may read and write, from its first moment on. SQLite gives a database's mode to its journals. */
final class PrivateFile {
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

    private PrivateFile() {}

    /** Makes the file when it isn't there, and tightens its mode when it is. */
    static void ensure(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(MODE));
        } catch (FileAlreadyExistsException e) {
            Files.setPosixFilePermissions(file, MODE);
        }
    }
}
