package dev.nightsafe.database.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The native library in the jar of SQLite's driver. Where the driver finds none outside, it asks {@code uname} which one
 * it needs, unpacks it and compares the two byte by byte, at each start.
 */
public final class SqliteLibrary {
    private static final String FOLDER = "org.sqlite.lib.path";

    private SqliteLibrary() {}

    /** Puts it where the property {@code org.sqlite.lib.path} tells the driver to look, if that is set. */
    public static void unpack() {
        String folder = System.getProperty(FOLDER);
        if (folder == null) {
            return;
        }
        String name = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream in = LibraryLoaderUtil.class.getResourceAsStream(resource)) {
            if (in != null) {
                Files.createDirectories(Path.of(folder));
                Files.copy(in, Path.of(folder, name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("SQLite's library can't be unpacked to " + folder, e);
        }
    }
}
