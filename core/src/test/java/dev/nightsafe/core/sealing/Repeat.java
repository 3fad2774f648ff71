package dev.nightsafe.core.sealing;

import dev.nightsafe.core.Seeds;
import java.util.Random;
import java.util.function.Consumer;

/** Properties of bytes and texts, on many seeds ({@link Seeds}). */
public final class Repeat {
    private Repeat() {}

    public static void times(int count, Consumer<Random> property) {
        Seeds.forEach(count, property);
    }

    /** Random bytes of a length up to {@code max}, short ones as likely as long ones, zeros and 0x80 often. */
    public static byte[] bytes(Random random, int max) {
        int length = random.nextInt(1 + random.nextInt(1 + max));
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = length - random.nextInt(1 + length); i < length; i++) {
            bytes[i] = random.nextInt(4) == 0 ? (byte) 0x80 : 0;
        }
        return bytes;
    }

    /** A text of up to 12 characters, some of them awkward ones. */
    public static String text(Random random) {
        String[] parts = {"a", "Z", "0", "_", "/", "ä", "€", "\u0000", "\n", "\ud83d\udd11", "\uffff", "\u0001"};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }
}
