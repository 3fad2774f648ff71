package dev.nightsafe.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What there is in a folder and below. */
final class FilesIn {
    private FilesIn() {}

    /** Files with this text; pip's own and git's packs aside. */
    static List<Path> with(Path folder, String text) throws IOException {
        return find(
                folder,
                file -> Files.isRegularFile(file)
                        && !file.toString().contains("/site-packages/pip/")
                        && !file.toString().endsWith(".pack")
                        && read(file).contains(text));
    }

    static List<Path> named(Path folder, String name) throws IOException {
        return find(folder, file -> file.endsWith(name) && Files.isRegularFile(file));
    }

    /** Folders whose name ends so. */
    static List<Path> ending(Path folder, String ending) throws IOException {
        return find(folder, file -> file.toString().endsWith(ending) && Files.isDirectory(file));
    }

    /** The owner's id; of a link, the link's. */
    static Object owner(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> find(Path folder, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(wanted).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
