package dev.nightsafe.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WrappedKeyTest {
    private final MasterKeys master = keys(1, 2);
    private final OpeningKey key = OpeningKey.generate(Suite.X_WING);
    private final WrappedKey wrapped = WrappedKey.wrap(master, "w", "v", 7, key);

    @Test
    void an_opening_key_is_wrapped_under_the_current_master_key_and_comes_back() {
        assertThat(wrapped.masterVersion()).isEqualTo(2);
        try (OpeningKey unwrapped = wrapped.unwrap(master, "w", "v", key.lock(), 7)) {
            assertThat(unwrapped.exposeSeed().exposing(byte[]::clone))
                    .isEqualTo(key.exposeSeed().exposing(byte[]::clone));
        }
    }

    @Test
    void elsewhere_it_does_not_unwrap() {
        assertUnreadable(wrapped, master, "w2", "v", key.lock(), 7);
        assertUnreadable(wrapped, master, "w", "v2", key.lock(), 7);
        assertUnreadable(wrapped, master, "w", "v", key.lock(), 8);
        assertUnreadable(
                wrapped, master, "w", "v", OpeningKey.generate(Suite.X_WING).lock(), 7);
        assertUnreadable(new WrappedKey(1, wrapped.wrapped()), master, "w", "v", key.lock(), 7);
    }

    @Test
    void a_version_that_left_the_ring_is_named() {
        assertThatThrownBy(() -> wrapped.unwrap(keys(1), "w", "v", key.lock(), 7))
                .hasMessage("master key version 2 is not in the key ring; add it back to read what it wraps");
    }

    private static void assertUnreadable(
            WrappedKey wrapped, MasterKeys master, String workspaceId, String vaultId, Lock lock, long serial) {
        assertThatThrownBy(() -> wrapped.unwrap(master, workspaceId, vaultId, lock, serial))
                .isInstanceOfSatisfying(
                        NightsafeException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.SECRET_UNREADABLE))
                .hasMessageStartingWith("stored ciphertext does not decrypt");
    }

    private static MasterKeys keys(int... versions) {
        TreeMap<Integer, SecretBytes> keys = new TreeMap<>();
        for (int version : versions) {
            byte[] key = new byte[32];
            Arrays.fill(key, (byte) version);
            keys.put(version, SecretBytes.takeFrom(key));
        }
        return new MasterKeys(keys);
    }
}
