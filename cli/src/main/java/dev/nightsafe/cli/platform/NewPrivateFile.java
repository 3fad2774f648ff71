package dev.nightsafe.cli.platform;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.UUID;

/** A file that its owner alone may read and that is there as a whole or not at all. */
public final class NewPrivateFile {
    private NewPrivateFile() {}

    /** What comes into the file. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes it under another name beside it, and gives it its own when all of it is on the disk.
     *
     * @throws FileAlreadyExistsException when there is something of that name; it stays as it is
     */
    public static void write(Path file, Content content) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        var ownersAlone = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var made = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Path unfinished = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            try (FileChannel channel = FileChannel.open(unfinished, made, ownersAlone);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(unfinished, file);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
