package dev.nightsafe.core.keys;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Files that only their owner may read (0600), in folders that only their owner may enter (0700). A write is seen whole
 * or not at all, and is on disk when it returns. Every failure is {@link ProblemCode#KEY_UNUSABLE} with a message that
 * names the file and what to do, never its content. Safe for use by several threads and processes.
 */
public final class KeyFile {
    private static final int MAX_BYTES = 16 << 20;
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS_USE = PosixFilePermissions.fromString("---rwxrwx");
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private KeyFile() {}

    /** Reads a secret file of at most 16 MiB, straight off the heap; refuses one that group or others may use. */
    public static SecretBytes read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw unusable(file + (Files.exists(file) ? " is not a file" : " does not exist"));
            }
            if (allowsAny(file, OTHERS_USE)) {
                throw unusable("others than its owner may use " + file + "; run: chmod 600 " + file);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return read(file, channel);
            }
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    /** Writes the file anew, 0600, in place of what was there. The folder must exist. */
    public static void write(Path file, SecretBytes content) {
        write(file, content.exposeSegment().asByteBuffer());
    }

    /** As {@link #write(Path, SecretBytes)}, for what need not be kept off the heap; the array stays the caller's. */
    public static void write(Path file, byte[] content) {
        write(file, ByteBuffer.wrap(content));
    }

    /** Writes the file, 0600, unless it is there already; says whether it did. */
    public static boolean create(Path file, SecretBytes content) {
        try {
            Path written = writeBeside(file, content.exposeSegment().asByteBuffer());
            try {
                Files.createLink(file, written);
            } catch (FileAlreadyExistsException e) {
                return false;
            } finally {
                Files.delete(written);
            }
            syncName(file);
            return true;
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    /** Reads the file, or makes it first. Of several that make it at once, all get what the first one made. */
    public static SecretBytes readOrCreate(Path file, Supplier<SecretBytes> make) {
        if (!Files.exists(file)) {
            try (SecretBytes made = make.get()) {
                create(file, made);
            }
        }
        return read(file);
    }

    /**
     * Makes the folder, 0700, and those above it that are missing; refuses one that belongs to someone else than this
     * process's user and root, or that group or others may write to.
     */
    public static Path folder(Path folder) {
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
            if (!isOurs(folder) || !isOurs(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw unusable(folder + " belongs to another user, who could change it; choose another folder, or run:"
                        + " chown -R \"$(id -u)\" " + folder);
            }
            if (allowsAny(folder, OTHERS_WRITE)) {
                throw unusable("others than its owner may write to " + folder + "; run: chmod 700 " + folder);
            }
            return folder;
        } catch (IOException e) {
            throw failed("make", folder, e);
        }
    }

    private static SecretBytes read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size > MAX_BYTES) {
            throw unusable(file + " is too large for a key file");
        }
        return SecretBytes.filledBy((int) size, segment -> {
            ByteBuffer buffer = segment.asByteBuffer();
            try {
                while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                    // reads on to the end
                }
            } catch (IOException e) {
                throw failed("read", file, e);
            }
            if (buffer.hasRemaining()) {
                throw unusable(file + " changed while it was read; try again");
            }
        });
    }

    private static void write(Path file, ByteBuffer content) {
        try {
            Path written = writeBeside(file, content);
            try {
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                Files.deleteIfExists(written);
                throw e;
            }
            syncName(file);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    /** The content in a file of its own in the same folder, on disk. */
    private static Path writeBeside(Path file, ByteBuffer content) throws IOException {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        Path written = file.resolveSibling(
                "." + file.getFileName() + "." + HexFormat.of().formatHex(random) + ".new");
        try (FileChannel channel = FileChannel.open(
                written,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(FILE))) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
            return written;
        } catch (IOException e) {
            Files.deleteIfExists(written);
            throw e;
        }
    }

    /** A name is on disk when its folder is. */
    private static void syncName(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean isOurs(Path path, LinkOption... options) throws IOException {
        int owner = (Integer) Files.getAttribute(path, "unix:uid", options);
        return owner == 0 || Files.getOwner(path, options).equals(ourselves(path));
    }

    private static UserPrincipal ourselves(Path path) throws IOException {
        Path process = Path.of("/proc/self");
        return Files.exists(process)
                ? Files.getOwner(process)
                : path.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(System.getProperty("user.name"));
    }

    private static boolean allowsAny(Path path, Set<PosixFilePermission> unwanted) throws IOException {
        return Files.getPosixFilePermissions(path).stream().anyMatch(unwanted::contains);
    }

    private static NightsafeException failed(String what, Path path, IOException e) {
        String why = switch (e) {
            case NoSuchFileException missing -> "no such file or folder";
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> e.getClass().getSimpleName();
        };
        return new NightsafeException(ProblemCode.KEY_UNUSABLE, "can't " + what + " " + path + ": " + why, e);
    }

    private static NightsafeException unusable(String message) {
        return new NightsafeException(ProblemCode.KEY_UNUSABLE, message);
    }
}
