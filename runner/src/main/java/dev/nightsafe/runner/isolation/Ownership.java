package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Owners and modes of folders, in folders that nobody but root can change. */
final class Ownership {
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private Ownership() {}

    /** Makes a folder, when it is absent, that belongs to these ids. */
    static Path give(Path folder, int user, int group, String mode) {
        try {
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.setAttribute(folder, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(folder, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("can't make " + folder + " for a worker", e);
        }
    }

    /** True when the folder is there and another user's. */
    static boolean isAnothers(Path folder, int user) {
        return Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && user(folder) != user;
    }

    /** The owner's id, -1 for what isn't there. */
    static int user(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException e) {
            throw new UncheckedIOException("can't look at " + path, e);
        }
    }

    /** Makes all of a folder root's, and unwritable for others. Its owner has no more processes. */
    static void seal(Path folder, int group) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes)
                        throws IOException {
                    return seal(entered, attributes, group);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    return seal(file, attributes, group);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("can't seal " + folder, e);
        }
    }

    private static FileVisitResult seal(Path path, BasicFileAttributes attributes, int group) throws IOException {
        Files.setAttribute(path, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS); // which takes set-user-id bits away
        Files.setAttribute(path, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isSymbolicLink()) {
            Set<PosixFilePermission> kept = new HashSet<>(Files.getPosixFilePermissions(path));
            kept.removeAll(OTHERS_WRITE);
            Files.setPosixFilePermissions(path, kept);
        }
        return FileVisitResult.CONTINUE;
    }

    /** The first of this path and those above it that other users can't pass, empty when they can pass all. */
    static Optional<Path> barrier(Path path) {
        for (Path at = path; at != null; at = at.getParent()) {
            if (Files.exists(at) && !permissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    /** Throws unless other users can read this folder. */
    static void requireReadable(Path folder) {
        Optional<Path> barrier = barrier(folder)
                .or(() -> permissions(folder).contains(PosixFilePermission.OTHERS_READ)
                        ? Optional.empty()
                        : Optional.of(folder));
        if (barrier.isPresent()) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST,
                    "workers have users of their own and can't read " + barrier.get() + "; let others read it (chmod"
                            + " o+rX), or move the code");
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (IOException e) {
            return Set.of();
        }
    }
}
