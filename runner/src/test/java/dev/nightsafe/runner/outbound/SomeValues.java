package dev.nightsafe.runner.outbound;

import dev.nightsafe.core.secret.Masking;
import dev.nightsafe.core.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

/** Values such as people deposit, and worse. */
final class SomeValues {
    private static final String TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+/=";
    private static final String TEXT =
            "abcXYZ019 \t\n\"'\\/:;,.<>&%+-_=#?!$`(){}[]~^*|@äßÿ\u00a0€\u2028漢字😀𝒳\u0001\u001f";

    private SomeValues() {}

    /** One that is to be masked in every form: text. */
    static byte[] text(Random random) {
        byte[] value;
        do {
            value = switch (random.nextInt(4)) {
                case 0 -> of(TOKEN, 8 + random.nextInt(60), random);
                case 1 -> of(TEXT, 8 + random.nextInt(30), random);
                case 2 -> pem(random);
                default -> of(TEXT, 100 + random.nextInt(900), random);
            };
        } while (!isGood(value));
        return value;
    }

    /** The same, of bytes of any kind. */
    static byte[] binary(Random random) {
        byte[] value;
        do {
            value = new byte[8 + random.nextInt(random.nextBoolean() ? 32 : 600)];
            random.nextBytes(value);
        } while (!isGood(value));
        return value;
    }

    private static boolean isGood(byte[] value) {
        boolean trimmed = Masking.firstOf(value, 0, value.length) == 0
                && Masking.endOf(value, 0, value.length) == value.length
                && Masking.isSignificant(value[0])
                && Masking.isSignificant(value[value.length - 1]);
        try (SecretBytes copy = SecretBytes.takeFrom(value.clone())) {
            return trimmed && Masking.of(copy) == Masking.FULLY;
        }
    }

    private static byte[] of(String alphabet, int length, Random random) {
        int[] points = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] pem(Random random) {
        byte[] key = new byte[100 + random.nextInt(1200)];
        random.nextBytes(key);
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        return ("-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
