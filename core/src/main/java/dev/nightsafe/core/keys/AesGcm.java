package dev.nightsafe.core.keys;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 12-byte nonce before the ciphertext: {@code nonce ‖ ciphertext ‖ tag}.
 * Every failure to decrypt is the same error. With random nonces a key is good for 2^32 encryptions (section 8.3).
 */
public final class AesGcm {
    /** Bytes of a key. */
    public static final int KEY = 32;

    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private AesGcm() {}

    public static byte[] encrypt(SecretBytes key, byte[] associated, byte[] plaintext) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            byte[] out = Arrays.copyOf(nonce, NONCE + plaintext.length + TAG);
            cipher(Cipher.ENCRYPT_MODE, key, nonce, associated).doFinal(plaintext, 0, plaintext.length, out, NONCE);
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    /** The plaintext, which the caller wipes. Throws {@link ProblemCode#SECRET_UNREADABLE}. */
    public static byte[] decrypt(SecretBytes key, byte[] associated, byte[] encrypted) {
        if (encrypted.length < NONCE + TAG) {
            throw unreadable();
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(encrypted, NONCE), associated)
                    .doFinal(encrypted, NONCE, encrypted.length - NONCE);
        } catch (AEADBadTagException e) {
            throw unreadable();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("decryption failed", e);
        }
    }

    private static Cipher cipher(int mode, SecretBytes key, byte[] nonce, byte[] associated)
            throws GeneralSecurityException {
        if (key.length() != KEY) {
            // The JDK would take 16 bytes too, and encrypt with AES-128.
            throw new IllegalArgumentException("an AES-256 key has 32 bytes, this one has " + key.length());
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        SecretKeySpec spec = key.exposing(bytes -> new SecretKeySpec(bytes, "AES"));
        cipher.init(mode, spec, new GCMParameterSpec(TAG * 8, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }

    private static NightsafeException unreadable() {
        return new NightsafeException(
                ProblemCode.SECRET_UNREADABLE,
                "stored ciphertext does not decrypt: wrong key, wrong place, or damaged");
    }
}
