package dev.nightsafe.sdk;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a payload's single values are made into. Each throws {@link PayloadException} that names the place. */
final class Scalars {
    private static final Map<Class<?>, Payloads.Converter> CONVERTERS = Map.ofEntries(
            Map.entry(Object.class, (value, place) -> value),
            Map.entry(String.class, (value, place) -> exactly(String.class, "a text", value, place)),
            Map.entry(Boolean.class, Scalars::truth),
            Map.entry(boolean.class, Scalars::truth),
            Map.entry(Integer.class, Scalars::smallWhole),
            Map.entry(int.class, Scalars::smallWhole),
            Map.entry(Long.class, Scalars::longWhole),
            Map.entry(long.class, Scalars::longWhole),
            Map.entry(Double.class, Scalars::binary),
            Map.entry(double.class, Scalars::binary),
            Map.entry(BigInteger.class, Scalars::whole),
            Map.entry(BigDecimal.class, Scalars::decimal),
            Map.entry(Number.class, (value, place) -> exactly(Number.class, "a number", value, place)),
            Map.entry(List.class, Scalars::list),
            Map.entry(Map.class, Scalars::object));

    private Scalars() {}

    static Optional<Payloads.Converter> of(Class<?> type) {
        return Optional.ofNullable(CONVERTERS.get(type));
    }

    static Map<?, ?> object(@Nullable Object value, String place) {
        return exactly(Map.class, "an object", value, place);
    }

    static List<?> list(@Nullable Object value, String place) {
        return exactly(List.class, "a list", value, place);
    }

    private static Boolean truth(@Nullable Object value, String place) {
        return exactly(Boolean.class, "true or false", value, place);
    }

    private static Integer smallWhole(@Nullable Object value, String place) {
        if (value instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        throw tooLarge(whole(value, place), place, "32 bits");
    }

    private static Long longWhole(@Nullable Object value, String place) {
        if (value instanceof Long number) {
            return number;
        }
        throw tooLarge(whole(value, place), place, "64 bits");
    }

    private static PayloadException tooLarge(BigInteger ignored, String place, String bits) {
        return new PayloadException(place + " must be a whole number of " + bits);
    }

    private static BigInteger whole(@Nullable Object value, String place) {
        return switch (value) {
            case Long number -> BigInteger.valueOf(number);
            case BigInteger number -> number;
            case null, default -> throw mismatch("a whole number", value, place);
        };
    }

    private static Double binary(@Nullable Object value, String place) {
        double number = exactly(Number.class, "a number", value, place).doubleValue();
        if (Double.isInfinite(number)) {
            throw new PayloadException(place + " must be a number, not one that is too large");
        }
        return number;
    }

    private static BigDecimal decimal(@Nullable Object value, String place) {
        return switch (value) {
            case BigDecimal number -> number;
            case Double zero -> BigDecimal.ZERO;
            case null, default -> new BigDecimal(whole(exactly(Number.class, "a number", value, place), place));
        };
    }

    private static <T> T exactly(Class<T> type, String name, @Nullable Object value, String place) {
        if (!type.isInstance(value)) {
            throw mismatch(name, value, place);
        }
        return type.cast(value);
    }

    private static PayloadException mismatch(String expected, @Nullable Object value, String place) {
        return new PayloadException(place + " must be " + expected + ", not " + name(value));
    }

    private static String name(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean truth -> "true or false";
            case Long number -> "a whole number";
            case BigInteger number -> "a whole number";
            case Number number -> "a number";
            case String text -> "a text";
            case List<?> list -> "a list";
            default -> "an object";
        };
    }
}
