package dev.nightsafe.cli.demo;

import dev.nightsafe.core.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The demo's secret: made here, known to this process only until the worker gets it. */
final class DemoSecret {
    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PREFIX = "sk-demo-".getBytes(StandardCharsets.US_ASCII);
    private static final int RANDOM_LETTERS = 40;

    private DemoSecret() {}

    static SecretBytes random() {
        SecureRandom random = new SecureRandom();
        byte[] value = Arrays.copyOf(PREFIX, PREFIX.length + RANDOM_LETTERS);
        for (int i = PREFIX.length; i < value.length; i++) {
            value[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return SecretBytes.takeFrom(value);
    }

    /** True when {@code signature} is HMAC-SHA256 of the text under the secret, in hex. */
    static boolean signed(SecretBytes secret, String text, String signature) {
        return secret.exposing(bytes -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
                byte[] expected = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(expected).equals(signature);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HmacSHA256", e);
            }
        });
    }
}
