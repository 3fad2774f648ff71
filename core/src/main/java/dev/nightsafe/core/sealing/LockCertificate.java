package dev.nightsafe.core.sealing;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.core.signing.Message;

/**
 * The root's statement that a lock belongs to one vault: an Ed25519 signature. Writers check it before they seal. Each lock of
 * a vault has a higher serial than the one before it: who remembers the highest that they saw isn't given an old lock again.
 */
public final class LockCertificate {
    private LockCertificate() {}

    public static byte[] issue(Ed25519.Signer root, String workspaceId, String vaultId, Lock lock, long serial) {
        return root.sign(message(workspaceId, vaultId, lock, serial));
    }

    /** Throws {@link ProblemCode#FORBIDDEN} unless {@code root} certified this lock for this vault. */
    public static void require(
            Ed25519.PublicKey root, String workspaceId, String vaultId, Lock lock, long serial, byte[] certificate) {
        if (!root.verifies(message(workspaceId, vaultId, lock, serial), certificate)) {
            throw new NightsafeException(
                    ProblemCode.FORBIDDEN,
                    "this lock is not certified by the pinned root " + root.fingerprint()
                            + "; nothing was sealed. If the keeper's root was replaced on purpose, log in again");
        }
    }

    private static byte[] message(String workspaceId, String vaultId, Lock lock, long serial) {
        return Message.of("nightsafe/lock-certificate/2")
                .add(workspaceId)
                .add(vaultId)
                .add(lock.suite().id())
                .add(lock.publicKey())
                .add(serial)
                .bytes();
    }
}
