package dev.nightsafe.runner.outbound;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 in byte arrays, without making a String of them. */
public final class Utf8 {
    private Utf8() {}

    /** True when all of it is UTF-8. */
    public static boolean isValid(byte[] bytes) {
        for (int i = 0; i < bytes.length; ) {
            int length = sequenceLength(bytes, i);
            if (length == 0) {
                return false;
            }
            i += length;
        }
        return true;
    }

    /** Bytes of the character that begins at {@code at}, 0 when none does. */
    private static int sequenceLength(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) {
            return 0;
        }
        try {
            java.nio.CharBuffer decoded =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
            java.util.Arrays.fill(decoded.array(), '\0');
            return length;
        } catch (CharacterCodingException e) {
            return 0;
        }
    }
}
