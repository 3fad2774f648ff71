package dev.nightsafe.core.keys;

import dev.nightsafe.core.secret.SecretBytes;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The ring of master keys by version; the highest version wraps, all of them unwrap. Keys are 32 bytes, off the heap. */
public final class MasterKeys implements AutoCloseable {
    /** Bytes of a master key. */
    public static final int LENGTH = 32;

    private final NavigableMap<Integer, SecretBytes> keys = new TreeMap<>();

    /** Takes the keys over; at least one, versions from 1. */
    public MasterKeys(NavigableMap<Integer, SecretBytes> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a key ring has at least one key");
        }
        this.keys.putAll(keys);
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
}
