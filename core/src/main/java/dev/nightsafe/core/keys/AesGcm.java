package dev.nightsafe.core.keys;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 12-byte nonce before the ciphertext: {@code nonce ‖ ciphertext ‖ tag}.
 * Every failure to decrypt is the same error.
 */
public final class AesGcm {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private AesGcm() {}

    public static byte[] encrypt(SecretBytes key, byte[] associated, byte[] plaintext) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        byte[] ciphertext = run(Cipher.ENCRYPT_MODE, key, nonce, associated, plaintext, 0, plaintext.length);
        byte[] out = Arrays.copyOf(nonce, NONCE + ciphertext.length);
        System.arraycopy(ciphertext, 0, out, NONCE, ciphertext.length);
        return out;
    }

    /** Throws {@link ProblemCode#SECRET_UNREADABLE}. */
    public static byte[] decrypt(SecretBytes key, byte[] associated, byte[] encrypted) {
        if (encrypted.length < NONCE + TAG_BITS / 8) {
            throw unreadable();
        }
        byte[] nonce = Arrays.copyOf(encrypted, NONCE);
        return run(Cipher.DECRYPT_MODE, key, nonce, associated, encrypted, NONCE, encrypted.length - NONCE);
    }

    private static byte[] run(
            int mode, SecretBytes key, byte[] nonce, byte[] associated, byte[] input, int offset, int length) {
        return key.exposing(bytes -> {
            try {
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
                cipher.updateAAD(associated);
                return cipher.doFinal(input, offset, length);
            } catch (GeneralSecurityException e) {
                throw unreadable();
            }
        });
    }

    private static NightsafeException unreadable() {
        return new NightsafeException(
                ProblemCode.SECRET_UNREADABLE,
                "stored ciphertext does not decrypt: wrong key, wrong place, or damaged");
    }
}
