package dev.nightsafe.core.sealing;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import org.bouncycastle.crypto.hpke.HPKE;

/** A set of algorithms that seals. Its name stands in each box, so that it can change one day. */
public enum Suite {
    /** HPKE base mode, X-Wing (0x647a), HKDF-SHA256, AES-256-GCM. */
    X_WING("hpke-xwing-sha256-aes256gcm", HPKE.kem_X_WING, 1216, 1120, 16);

    private final String id;
    private final short kem;
    private final int publicKeyLength;
    private final int encapsulationLength;
    private final int tagLength;

    Suite(String id, short kem, int publicKeyLength, int encapsulationLength, int tagLength) {
        this.id = id;
        this.kem = kem;
        this.publicKeyLength = publicKeyLength;
        this.encapsulationLength = encapsulationLength;
        this.tagLength = tagLength;
    }

    public String id() {
        return id;
    }

    public int publicKeyLength() {
        return publicKeyLength;
    }

    /** Bytes of {@code enc} at the start of a box. */
    public int encapsulationLength() {
        return encapsulationLength;
    }

    /** Bytes that a box is longer than its padded plaintext. */
    public int overhead() {
        return encapsulationLength + tagLength;
    }

    HPKE hpke() {
        return new HPKE(HPKE.mode_base, kem, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    /** The suite with this id, or {@link ProblemCode#INVALID_BOX}. */
    public static Suite of(String id) {
        for (Suite suite : values()) {
            if (suite.id.equals(id)) {
                return suite;
            }
        }
        throw new NightsafeException(
                ProblemCode.INVALID_BOX, "unknown suite in a box; this version knows " + X_WING.id);
    }
}
