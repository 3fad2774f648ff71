package dev.nightsafe.core.keys;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The ring of master keys by version; the highest version wraps, all of them unwrap. Keys are 32 bytes, off the heap.
 * Safe for use by several threads.
 */
public final class MasterKeys implements AutoCloseable {
    /** Bytes of a master key. */
    public static final int LENGTH = 32;

    /** Base64 characters of one, with its padding. */
    static final int TEXT_LENGTH = 44;

    private final NavigableMap<Integer, SecretBytes> keys;

    /** Takes the keys over; at least one, of 32 bytes each, versions from 1. */
    public MasterKeys(NavigableMap<Integer, SecretBytes> keys) {
        if (keys.isEmpty() || keys.firstKey() < 1) {
            throw new IllegalArgumentException("a key ring has at least one key, and versions from 1");
        }
        if (keys.values().stream().anyMatch(key -> key.length() != LENGTH)) {
            throw new IllegalArgumentException("a master key has 32 bytes");
        }
        this.keys = new TreeMap<>(keys);
    }

    /**
     * Reads a key ring file ({@code spec/sealing.md}).
     *
     * @throws NightsafeException {@link ProblemCode#KEY_UNUSABLE}, naming file and line, when there is none, when others
     *     than its owner may use it, and when a line is malformed or repeats a version
     */
    public static MasterKeys fromRingFile(Path file) {
        try (SecretBytes content = KeyFile.read(file)) {
            return MasterKeyRing.parse(content, file.toString());
        }
    }

    /**
     * A ring of one key, given as base64 of exactly 32 bytes.
     *
     * @param source how an error calls where it comes from, for example {@code NIGHTSAFE_MASTER_KEY}
     * @throws NightsafeException {@link ProblemCode#KEY_UNUSABLE}
     */
    public static MasterKeys fromBase64(SecretBytes base64, int version, String source) {
        NavigableMap<Integer, SecretBytes> keys = new TreeMap<>();
        keys.put(version, base64.exposing(text -> decode(text, source)));
        return new MasterKeys(keys);
    }

    public int currentVersion() {
        return keys.lastKey();
    }

    public Optional<SecretBytes> key(int version) {
        return Optional.ofNullable(keys.get(version));
    }

    @Override
    public void close() {
        keys.values().forEach(SecretBytes::close);
    }

    @Override
    public String toString() {
        return "MasterKeys" + keys.keySet();
    }

    /** The key that {@code base64} is; throws {@link ProblemCode#KEY_UNUSABLE}, naming {@code source}. */
    static SecretBytes decode(byte[] base64, String source) {
        byte[] decoded = new byte[LENGTH + 1];
        try {
            if (base64.length == TEXT_LENGTH && Base64.getDecoder().decode(base64, decoded) == LENGTH) {
                return SecretBytes.takeFrom(decoded, 0, LENGTH);
            }
        } catch (IllegalArgumentException e) {
            // Says which character is wrong: a part of the key. The error below doesn't.
        } finally {
            Arrays.fill(decoded, (byte) 0);
        }
        throw new NightsafeException(
                ProblemCode.KEY_UNUSABLE,
                source + ": a master key is the base64 of exactly 32 bytes; `nightsafe keys new` makes one");
    }
}
