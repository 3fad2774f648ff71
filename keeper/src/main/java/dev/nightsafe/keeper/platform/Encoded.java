package dev.nightsafe.keeper.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Bytes and choices in bodies. */
public final class Encoded {
    private Encoded() {}

    /** Reads base64 of {@code length} bytes. Throws {@link ProblemCode#BAD_REQUEST}. */
    public static byte[] bytes(String field, @Nullable String base64, int length) {
        try {
            byte[] bytes = Base64.getDecoder().decode(required(field, base64));
            if (bytes.length == length) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // the same answer
        }
        throw new NightsafeException(ProblemCode.BAD_REQUEST, "'" + field + "' must be base64 of " + length + " bytes");
    }

    /** Reads base64 of any length. Throws {@link ProblemCode#BAD_REQUEST}. */
    public static byte[] bytes(String field, @Nullable String base64) {
        try {
            return Base64.getDecoder().decode(required(field, base64));
        } catch (IllegalArgumentException e) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'" + field + "' must be base64", e);
        }
    }

    public static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Throws {@link ProblemCode#BAD_REQUEST} when a field that must be there is null. */
    public static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'" + field + "' is missing");
        }
        return value;
    }

    /** Throws {@link ProblemCode#BAD_REQUEST} for a missing text or one that is longer than {@code most}. */
    public static String text(String field, @Nullable String value, int most) {
        if (required(field, value).length() > most) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "'" + field + "' is longer than " + most + " characters");
        }
        return required(field, value);
    }
}
