package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Owners and modes of folders, in folders that nobody but root can change. */
final class Ownership {
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
