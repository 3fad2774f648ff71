package dev.nightsafe.protocol.link;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The files of one side of the link: 0600, whole or not there. */
record LinkFiles(Path folder) {
    static final String KEY = "link.key";
    static final String CERTIFICATE = "link.crt";
    static final String PEER = "peer.crt";
    static final String DEPOSIT_KEY = "deposit.key";

    static LinkFiles in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return new LinkFiles(folder);
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Replaces the file atomically and durably, unless it holds these bytes already. */
    void write(String name, byte[] content) throws IOException {
        Path target = path(name);
        if (Files.exists(target) && Arrays.equals(Files.readAllBytes(target), content)) {
            return;
        }
        Path temporary =
                folder.resolve("." + name + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(temporary);
        Set<java.nio.file.OpenOption> options = Set.of(CREATE_NEW, WRITE);
        try (FileChannel file = FileChannel.open(
                temporary,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(temporary, target, ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, EnumSet.of(READ))) {
            directory.force(true);
        }
    }
}
