package dev.nightsafe.core.sealing;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

/**
 * Seals values to a lock and opens boxes: HPKE single-shot (RFC 9180, section 6.1), empty {@code aad}, everything bound
 * in {@code info}. A box is {@code enc ‖ ciphertext} of the padded value. Every failure to open is the same error, which
 * tells nothing. Stateless and safe for use by several threads.
 */
public final class Sealing {
    /** The largest value that is taken: 1 MiB. */
    public static final int MAX_VALUE_BYTES = 1 << 20;

    static final String DOES_NOT_OPEN = "this box does not open: wrong key, wrong place, or damaged";
    private static final byte[] NONE = new byte[0];

    private Sealing() {}

    /** Seals a value of 1 byte to 1 MiB for this place; the same value makes another box each time. */
    public static byte[] seal(Lock lock, DepositBinding binding, SecretBytes value) {
        requireSize(value.length());
        return seal(lock, binding.info(lock.id()), value);
    }

    /**
     * Seals anything under an {@code info} of the caller's. Throws {@link ProblemCode#INVALID_BOX} when the lock's bytes
     * are no public key.
     */
    public static byte[] seal(Lock lock, byte[] info, SecretBytes value) {
        HPKE hpke = lock.suite().hpke();
        return value.exposing(bytes -> {
            byte[] padded = Padding.pad(bytes);
            try {
                byte[][] sealed = hpke.seal(publicKey(hpke, lock), info, NONE, padded, null, null, null);
                return enclose(sealed[1], sealed[0]);
            } catch (InvalidCipherTextException e) {
                throw new IllegalStateException("sealing failed", e);
            } catch (IllegalStateException e) {
                // A point of small order, which agrees on nothing secret.
                throw malformed(e);
            } finally {
                Arrays.fill(padded, (byte) 0);
            }
        });
    }

    /**
     * Opens a deposit's box. Throws {@link ProblemCode#SECRET_UNREADABLE} when it doesn't belong here, and when its value is
     * none that {@link #seal(Lock, DepositBinding, SecretBytes)} takes: it could not be sealed anew.
     */
    public static SecretBytes open(OpeningKey key, DepositBinding binding, byte[] box) {
        SecretBytes value = open(key, binding.info(key.lock().id()), box);
        if (value.length() < 1 || value.length() > MAX_VALUE_BYTES) {
            value.close();
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, DOES_NOT_OPEN);
        }
        return value;
    }

    /** Opens a box that was sealed under {@code info}. Throws {@link ProblemCode#SECRET_UNREADABLE}. */
    public static SecretBytes open(OpeningKey key, byte[] info, byte[] box) {
        Suite suite = key.lock().suite();
        if (box.length < suite.overhead()) {
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, DOES_NOT_OPEN);
        }
        byte[] padded = open(suite, key, info, box);
        try {
            return SecretBytes.takeFrom(padded, 0, Padding.valueLength(padded));
        } finally {
            Arrays.fill(padded, (byte) 0);
        }
    }

    static byte[] enclose(byte[] encapsulation, byte[] ciphertext) {
        byte[] box = Arrays.copyOf(encapsulation, encapsulation.length + ciphertext.length);
        System.arraycopy(ciphertext, 0, box, encapsulation.length, ciphertext.length);
        return box;
    }

    private static AsymmetricKeyParameter publicKey(HPKE hpke, Lock lock) {
        try {
            return hpke.deserializePublicKey(lock.publicKey());
        } catch (RuntimeException e) {
            throw malformed(e);
        }
    }

    private static NightsafeException malformed(RuntimeException e) {
        return new NightsafeException(ProblemCode.INVALID_BOX, "this lock is malformed; nothing was sealed", e);
    }

    private static byte[] open(Suite suite, OpeningKey key, byte[] info, byte[] box) {
        HPKE hpke = suite.hpke();
        byte[] enc = Arrays.copyOf(box, suite.encapsulationLength());
        byte[] ciphertext = Arrays.copyOfRange(box, suite.encapsulationLength(), box.length);
        try {
            return hpke.open(enc, key.expanded(), info, NONE, ciphertext, null, null, null);
        } catch (InvalidCipherTextException | RuntimeException e) {
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, DOES_NOT_OPEN);
        }
    }

    /** Throws when a box of this length can't hold a value of 1 byte to 1 MiB. */
    public static void requireBoxSize(Suite suite, int boxLength) {
        int padded = boxLength - suite.overhead();
        if (!Padding.isPaddedLength(padded)) {
            throw new NightsafeException(ProblemCode.INVALID_BOX, "a box of " + boxLength + " bytes is malformed");
        }
        if (padded > Padding.paddedLength(MAX_VALUE_BYTES)) {
            throw tooLarge();
        }
    }

    /** Throws {@link ProblemCode#VALUE_EMPTY} or {@link ProblemCode#VALUE_TOO_LARGE}. */
    public static void requireSize(long valueLength) {
        if (valueLength == 0) {
            throw new NightsafeException(ProblemCode.VALUE_EMPTY, "the value is empty; give at least one byte");
        }
        if (valueLength > MAX_VALUE_BYTES) {
            throw tooLarge();
        }
    }

    private static NightsafeException tooLarge() {
        return new NightsafeException(
                ProblemCode.VALUE_TOO_LARGE, "a value has at most 1 MiB; store a reference instead");
    }
}
