package dev.nightsafe.core.sealing;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import java.util.Arrays;

/** A public key that seals. Its id is SHA-256 of suite ‖ public key (length-prefixed), in hex. Immutable. */
public final class Lock {
    private final Suite suite;
    private final byte[] publicKey;
    private final String id;

    /** Throws {@link ProblemCode#INVALID_BOX} when the key hasn't the suite's length. */
    public Lock(Suite suite, byte[] publicKey) {
        if (publicKey.length != suite.publicKeyLength()) {
            throw new NightsafeException(
                    ProblemCode.INVALID_BOX,
                    "a lock of " + suite.id() + " has " + suite.publicKeyLength() + " bytes, this one has "
                            + publicKey.length);
        }
        this.suite = suite;
        this.publicKey = publicKey.clone();
        this.id = Digests.sha256Hex(Message.of(suite.id()).add(publicKey).bytes());
    }

    public Suite suite() {
        return suite;
    }

    public byte[] publicKey() {
        return publicKey.clone();
    }

    public String id() {
        return id;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Lock that && suite == that.suite && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "Lock[" + id + "]";
    }
}
