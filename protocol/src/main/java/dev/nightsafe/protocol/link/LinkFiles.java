package dev.nightsafe.protocol.link;

import dev.nightsafe.core.keys.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The files of one side of the link: 0600, whole or not there. */
record LinkFiles(Path folder) {
    static final String KEY = "link.key";
    static final String CERTIFICATE = "link.crt";
    static final String PEER = "peer.crt";
    static final String DEPOSIT_KEY = "deposit.key";

    static LinkFiles in(Path folder) {
        return new LinkFiles(KeyFile.folder(folder));
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Replaces the file, unless it holds these bytes already. */
    void write(String name, byte[] content) throws IOException {
        Path target = path(name);
        if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), content)) {
            KeyFile.write(target, content);
        }
    }
}
