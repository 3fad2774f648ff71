package dev.nightsafe.core.keys;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Message;

/**
 * An opening key as it is stored: under a master key, bound to its lock and serial, workspace, vault and master-key version.
 *
 * @param masterVersion which master key wraps it
 * @param wrapped {@code nonce ‖ ciphertext ‖ tag}
 */
public record WrappedKey(int masterVersion, byte[] wrapped) {

    public static WrappedKey wrap(MasterKeys master, String workspaceId, String vaultId, long serial, OpeningKey key) {
        int version = master.currentVersion();
        byte[] associated = associated(version, workspaceId, vaultId, key.lock(), serial);
        return new WrappedKey(
                version, key.exposeSeed().exposing(seed -> AesGcm.encrypt(require(master, version), associated, seed)));
    }

    /** Throws {@link ProblemCode#SECRET_UNREADABLE} when it was wrapped elsewhere or its master key isn't in the ring. */
    public OpeningKey unwrap(MasterKeys master, String workspaceId, String vaultId, Lock lock, long serial) {
        byte[] associated = associated(masterVersion, workspaceId, vaultId, lock, serial);
        return new OpeningKey(
                lock, SecretBytes.takeFrom(AesGcm.decrypt(require(master, masterVersion), associated, wrapped)));
    }

    private static SecretBytes require(MasterKeys master, int version) {
        return master.key(version)
                .orElseThrow(() -> new NightsafeException(
                        ProblemCode.SECRET_UNREADABLE,
                        "master key version " + version
                                + " is not in the key ring; add it back to read what it wraps"));
    }

    private static byte[] associated(int masterVersion, String workspaceId, String vaultId, Lock lock, long serial) {
        return Message.of("nightsafe/opening-key/2")
                .add(lock.id())
                .add(workspaceId)
                .add(vaultId)
                .add(serial)
                .add(masterVersion)
                .bytes();
    }
}
