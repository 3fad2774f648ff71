package dev.nightsafe.core.access;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;

/**
 * An enrolment token as a key: its 32 random bytes are an Ed25519 private key. A runner signs its enrolment with it and
 * sends the public half, so that neither what passes on the way nor the keeper's database is worth an enrolment.
 */
public final class EnrolmentKey {
    private EnrolmentKey() {}

    /** Throws {@link IllegalArgumentException} for what is no enrolment token. */
    public static Ed25519.Signer of(String token) {
        if (!OpaqueToken.isWellFormed(OpaqueToken.ENROLMENT, token)) {
            throw new IllegalArgumentException("this is no enrolment token");
        }
        try (SecretBytes key = SecretBytes.takeFrom(OpaqueToken.randomness(token))) {
            return new Ed25519.Signer(key);
        }
    }
}
