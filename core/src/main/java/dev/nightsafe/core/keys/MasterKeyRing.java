package dev.nightsafe.core.keys;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The text of a key ring: lines {@code <version> <base64 of 32 bytes>}, comments after '#', empty lines. Specified in
 * {@code spec/sealing.md}.
 */
public final class MasterKeyRing {
    private static final int MAX_VERSION_DIGITS = 9;
    private static final int MAX_VERSION = 999_999_999;

    private MasterKeyRing() {}

    /** A new master key as base64, without a line end: what {@code NIGHTSAFE_MASTER_KEY} takes. */
    public static SecretBytes newKey() {
        byte[] key = new byte[MasterKeys.LENGTH];
        new SecureRandom().nextBytes(key);
        try {
            return SecretBytes.takeFrom(Base64.getEncoder().encode(key));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * Adds a new key to the ring file, or makes the file (0600); what stands there, comments too, stays. On disk when
     * this returns. Two calls at once, also from two processes, add two versions.
     *
     * @return the new key's version
     * @throws NightsafeException {@link ProblemCode#KEY_UNUSABLE} as {@link MasterKeys#fromRingFile}
     */
    public static synchronized int addVersion(Path file) {
        try {
            Path ring = Files.exists(file) ? file.toRealPath() : file;
            Path lock = ring.resolveSibling(ring.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(
                            lock,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    FileLock held = channel.lock()) {
                return addTo(ring);
            }
        } catch (IOException e) {
            throw new NightsafeException(
                    ProblemCode.KEY_UNUSABLE,
                    "can't add a master key to " + file + "; is its folder there, and writable?",
                    e);
        }
    }

    /** Reads a ring's text; {@code source} is how errors call it. */
    static MasterKeys parse(SecretBytes content, String source) {
        NavigableMap<Integer, SecretBytes> keys = new TreeMap<>();
        try {
            content.exposing(text -> {
                int line = 0;
                for (int start = 0; start < text.length; line++) {
                    int end = start;
                    while (end < text.length && text[end] != '\n') {
                        end++;
                    }
                    parseLine(text, start, end, source + ", line " + (line + 1), keys);
                    start = end + 1;
                }
                return line;
            });
            if (keys.isEmpty()) {
                throw unusable(source + " has no key; `nightsafe keys new` makes one");
            }
            return new MasterKeys(keys);
        } catch (Throwable e) {
            keys.values().forEach(SecretBytes::close);
            throw e;
        }
    }

    private static int addTo(Path ring) {
        int version = 1;
        byte[] before = new byte[0];
        if (Files.exists(ring)) {
            try (SecretBytes content = KeyFile.read(ring);
                    MasterKeys keys = parse(content, ring.toString())) {
                version = keys.currentVersion() + 1;
                before = content.exposing(byte[]::clone);
            }
        }
        if (version > MAX_VERSION) {
            throw unusable(ring + " has no version left after " + MAX_VERSION);
        }
        boolean lineOpen = before.length > 0 && before[before.length - 1] != '\n';
        byte[] head = ((lineOpen ? "\n" : "") + version + " ").getBytes(StandardCharsets.UTF_8);
        try (SecretBytes key = newKey()) {
            byte[] after = Arrays.copyOf(before, before.length + head.length + key.length() + 1);
            System.arraycopy(head, 0, after, before.length, head.length);
            int at = before.length + head.length;
            key.exposing(text -> {
                System.arraycopy(text, 0, after, at, text.length);
                return at;
            });
            after[after.length - 1] = '\n';
            try (SecretBytes written = SecretBytes.takeFrom(after)) {
                KeyFile.write(ring, written);
            }
            return version;
        } finally {
            Arrays.fill(before, (byte) 0);
        }
    }

    private static void parseLine(
            byte[] text, int from, int to, String source, NavigableMap<Integer, SecretBytes> keys) {
        int start = from;
        int end = to;
        while (start < end && isBlank(text[start])) {
            start++;
        }
        while (end > start && isBlank(text[end - 1])) {
            end--;
        }
        if (start == end || text[start] == '#') {
            return;
        }
        int space = start;
        while (space < end && !isBlank(text[space])) {
            space++;
        }
        int key = space;
        while (key < end && isBlank(text[key])) {
            key++;
        }
        int version = version(text, start, space, source);
        if (keys.containsKey(version)) {
            throw unusable(source + ": version " + version + " stands there twice; keep one of the two lines");
        }
        byte[] base64 = Arrays.copyOfRange(text, key, end);
        try {
            keys.put(version, MasterKeys.decode(base64, source));
        } finally {
            Arrays.fill(base64, (byte) 0);
        }
    }

    private static int version(byte[] text, int start, int end, String source) {
        int version = 0;
        boolean digits = end > start && end - start <= MAX_VERSION_DIGITS && text[start] != '0';
        for (int i = start; digits && i < end; i++) {
            digits = text[i] >= '0' && text[i] <= '9';
            version = version * 10 + (text[i] - '0');
        }
        if (!digits) {
            throw unusable(source + ": a line is '<version> <base64 of 32 bytes>', versions from 1, or a '#' comment");
        }
        return version;
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t' || character == '\r';
    }

    private static NightsafeException unusable(String message) {
        return new NightsafeException(ProblemCode.KEY_UNUSABLE, message);
    }
}
