package dev.nightsafe.core.signing;

import dev.nightsafe.core.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 (RFC 2104) under a key of 32 bytes. Safe for use by several threads. */
public final class Mac implements AutoCloseable {
    private final SecretBytes key;

    /** Takes the key over; it must have 32 bytes, and is closed with this. */
    public Mac(SecretBytes key) {
        if (key.length() != 32) {
            throw new IllegalArgumentException("an HMAC key has 32 bytes, this one has " + key.length());
        }
        this.key = key;
    }

    public byte[] of(byte[] message) {
        return key.exposing(bytes -> {
            try {
                javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
                return mac.doFinal(message);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HmacSHA256", e);
            }
        });
    }

    /** True when {@code mac} is this message's; compared in constant time. */
    public boolean verifies(byte[] message, byte[] mac) {
        return MessageDigest.isEqual(of(message), mac);
    }

    @Override
    public void close() {
        key.close();
    }
}
