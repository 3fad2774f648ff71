package dev.nightsafe.cli.keys;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.PrivateFiles;
import dev.nightsafe.core.keys.MasterKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** The key ring file: lines {@code <version> <base64 of 32 bytes>}, {@code #} comments; the highest version wraps. */
public final class MasterKeyFile {
    private final Path file;

    public MasterKeyFile(Path file) {
        this.file = file;
    }

    /** Base64 of a new random key. The caller wipes it. */
    public static byte[] newKey() {
        byte[] key = new byte[MasterKeys.LENGTH];
        new SecureRandom().nextBytes(key);
        try {
            return Base64.getEncoder().encode(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Makes the file with one key unless it is there; true when it was made. */
    public boolean ensure() {
        if (Files.exists(file)) {
            return false;
        }
        writeWith(new byte[0], 1);
        return true;
    }

    /** Adds a key that becomes the current one; says its version. The old ones stay, for what they wrapped. */
    public int append() {
        byte[] old = read();
        try {
            int version = highestVersion(old) + 1;
            writeWith(old, version);
            return version;
        } finally {
            Arrays.fill(old, (byte) 0);
        }
    }

    private byte[] read() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED,
                    "can't read the key ring " + file,
                    "a keeper that takes its key from NIGHTSAFE_MASTER_KEY has no ring; write one, give it with"
                            + " --master-keys",
                    e);
        }
    }

    private void writeWith(byte[] old, int version) {
        byte[] key = newKey();
        Wipeable ring = new Wipeable();
        try {
            ring.writeBytes(old);
            if (old.length > 0 && old[old.length - 1] != '\n') {
                ring.write('\n');
            }
            ring.writeBytes((version + " ").getBytes(StandardCharsets.US_ASCII));
            ring.writeBytes(key);
            ring.write('\n');
            byte[] bytes = ring.toByteArray();
            PrivateFiles.write(file, bytes);
            Arrays.fill(bytes, (byte) 0);
        } finally {
            Arrays.fill(key, (byte) 0);
            ring.wipe();
        }
    }

    /** Versions are read without making Strings of the keys beside them. */
    private int highestVersion(byte[] ring) {
        int highest = 0;
        int start = 0;
        for (int end = 0; end <= ring.length; end++) {
            if (end == ring.length || ring[end] == '\n') {
                highest = Math.max(highest, version(ring, start, end));
                start = end + 1;
            }
        }
        return highest;
    }

    private int version(byte[] ring, int start, int end) {
        int at = start;
        while (at < end && ring[at] == ' ') {
            at++;
        }
        if (at == end || ring[at] == '#' || ring[at] == '\r') {
            return 0;
        }
        int version = 0;
        while (at < end && ring[at] >= '0' && ring[at] <= '9' && version < 1_000_000) {
            version = version * 10 + (ring[at++] - '0');
        }
        if (version == 0 || at == end || ring[at] != ' ') {
            throw CliException.failed(
                    file + " is no key ring", "each line is a version, a space and base64 of 32 bytes");
        }
        return version;
    }

    private static final class Wipeable extends ByteArrayOutputStream {
        Wipeable() {
            super(64 * 1024);
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
