package dev.nightsafe.keeper.keys;

import dev.nightsafe.core.keys.AesGcm;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.core.signing.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys under which the keeper's own content rests: one for each workspace (tasks' payloads and results), one for the
 * root, and one that authenticates rows which give access. They stand in {@code data.keys}, apart from the databases and their backups, so that destroying a line erases
 * what it covered. A new key is on disk before it is used. Thread-safe.
 */
public final class DataKeys implements AutoCloseable {
    private static final String ROOT = "root";
    private static final String ROWS = "rows";
    private static final int LENGTH = 32;

    private final Path file;
    private final Map<String, SecretBytes> keys = new LinkedHashMap<>();

    private DataKeys(Path file) {
        this.file = file;
    }

    /** Reads the file, if there is one. Throws {@link ProblemCode#KEY_UNUSABLE} naming the line that is malformed. */
    public static DataKeys open(Path file) {
        DataKeys opened = new DataKeys(file);
        if (Files.exists(file)) {
            try (SecretBytes content = KeyFile.read(file)) {
                content.exposing(opened::parse);
            }
        }
        return opened;
    }

    /** True when there is a key that the root could be wrapped under. */
    public synchronized boolean hasRoot() {
        return keys.containsKey(ROOT);
    }

    public byte[] wrapRoot(byte[] publicKey, SecretBytes privateKey) {
        SecretBytes key = forWriting(ROOT);
        return privateKey.exposing(bytes -> AesGcm.encrypt(key, rootPlace(publicKey), bytes));
    }

    /** Throws {@link ProblemCode#SECRET_UNREADABLE}. */
    public SecretBytes unwrapRoot(byte[] publicKey, byte[] wrapped) {
        return SecretBytes.takeFrom(AesGcm.decrypt(forReading(ROOT), rootPlace(publicKey), wrapped));
    }

    /** Tells rows that this keeper wrote from those of somebody who can only write its database; the caller closes it. */
    public Mac rows() {
        return new Mac(forWriting(ROWS).copy());
    }

    /**
     * Encrypts a workspace's content for one place.
     *
     * @param column table and column, for example {@code task.payload}
     * @param row the row's id
     */
    public byte[] encrypt(String workspaceId, String column, String row, byte[] content) {
        return AesGcm.encrypt(forWriting(workspaceId), place(workspaceId, column, row), content);
    }

    /** Throws {@link ProblemCode#SECRET_UNREADABLE} when it was moved or altered, or its key was destroyed. */
    public byte[] decrypt(String workspaceId, String column, String row, byte[] encrypted) {
        return AesGcm.decrypt(forReading(workspaceId), place(workspaceId, column, row), encrypted);
    }

    private static byte[] place(String workspaceId, String column, String row) {
        return Message.of("nightsafe/data/1")
                .add(workspaceId)
                .add(column)
                .add(row)
                .bytes();
    }

    private static byte[] rootPlace(byte[] publicKey) {
        return Message.of("nightsafe/root-key/1").add(publicKey).bytes();
    }

    private synchronized SecretBytes forReading(String owner) {
        SecretBytes key = keys.get(owner);
        if (key == null) {
            throw new NightsafeException(
                    ProblemCode.SECRET_UNREADABLE, "the data key of this content is not in " + file + " any more");
        }
        return key;
    }

    private synchronized SecretBytes forWriting(String owner) {
        SecretBytes key = keys.get(owner);
        if (key == null) {
            byte[] random = new byte[LENGTH];
            new SecureRandom().nextBytes(random);
            key = SecretBytes.takeFrom(random);
            write(owner, key);
            keys.put(owner, key);
        }
        return key;
    }

    private void write(String owner, SecretBytes key) {
        WipedBuffer out = new WipedBuffer();
        keys.forEach(out::line);
        out.line(owner, key);
        try (SecretBytes content = SecretBytes.takeFrom(out.toByteArray())) {
            KeyFile.write(file, content);
        } finally {
            out.wipe();
        }
    }

    private boolean parse(byte[] content) {
        int start = 0;
        int number = 1;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                parseLine(Arrays.copyOfRange(content, start, i), number++);
                start = i + 1;
            }
        }
        if (start != content.length) {
            throw malformed(number);
        }
        return true;
    }

    private void parseLine(byte[] line, int number) {
        try {
            int space = 0;
            while (space < line.length && line[space] != ' ') {
                space++;
            }
            if (space == 0 || space == line.length) {
                throw malformed(number);
            }
            byte[] encoded = Arrays.copyOfRange(line, space + 1, line.length);
            byte[] key = Base64.getDecoder().decode(encoded);
            Arrays.fill(encoded, (byte) 0);
            if (key.length != LENGTH) {
                throw malformed(number);
            }
            keys.put(new String(line, 0, space, StandardCharsets.US_ASCII), SecretBytes.takeFrom(key));
        } catch (IllegalArgumentException e) {
            throw malformed(number);
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    private NightsafeException malformed(int line) {
        return new NightsafeException(
                ProblemCode.KEY_UNUSABLE,
                "line " + line + " of " + file + " is malformed; bring the file back from a backup");
    }

    @Override
    public synchronized void close() {
        keys.values().forEach(SecretBytes::close);
    }

    /** Collects the file's lines and can be zeroed. */
    private static final class WipedBuffer extends ByteArrayOutputStream {
        private WipedBuffer() {
            super(64 << 10);
        }

        private void line(String owner, SecretBytes key) {
            writeBytes((owner + " ").getBytes(StandardCharsets.US_ASCII));
            byte[] encoded = key.exposing(Base64.getEncoder()::encode);
            writeBytes(encoded);
            Arrays.fill(encoded, (byte) 0);
            write('\n');
        }

        private void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
