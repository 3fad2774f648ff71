package dev.nightsafe.core.keys;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A known text under a master key, stored beside what the key wraps: a wrong key is found at start, not at first use. */
public final class Canary {
    private static final byte[] TEXT = "nightsafe canary".getBytes(StandardCharsets.UTF_8);

    private Canary() {}

    /** The canary of a version that is in the ring. */
    public static byte[] make(MasterKeys master, int version) {
        return make(master.key(version).orElseThrow(), version);
    }

    /** The canary of one key. */
    public static byte[] make(SecretBytes key, int version) {
        return AesGcm.encrypt(key, associated(version), TEXT);
    }

    /** True when the ring has this version and its key is the one that made the canary. */
    public static boolean opens(MasterKeys master, int version, byte[] encrypted) {
        return master.key(version).map(key -> opens(key, version, encrypted)).orElse(false);
    }

    /** True when this key made the canary of this version. */
    public static boolean opens(SecretBytes key, int version, byte[] encrypted) {
        try {
            return Arrays.equals(AesGcm.decrypt(key, associated(version), encrypted), TEXT);
        } catch (NightsafeException e) {
            return false;
        }
    }

    private static byte[] associated(int version) {
        return Message.of("nightsafe/canary/1").add(version).bytes();
    }
}
