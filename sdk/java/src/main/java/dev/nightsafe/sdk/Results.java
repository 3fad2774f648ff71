package dev.nightsafe.sdk;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From what a handler returned to JSON, exactly or not at all. */
final class Results {
    /** Servers take 64 levels; a result travels inside a few. */
    static final int MAX_DEPTH = 60;

    private Results() {}

    /** The value as {@link JsonText} writes it. Throws {@link ResultException}, naming the place. */
    static @Nullable Object toJson(@Nullable Object value) {
        return toJson(value, "result", 0);
    }

    private static @Nullable Object toJson(@Nullable Object value, String place, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ResultException("the result is nested deeper than " + MAX_DEPTH + " levels, or holds itself");
        }
        return switch (value) {
            case null -> null;
            case Boolean truth -> truth;
            case String text -> text(text, place);
            case Character letter -> text(letter.toString(), place);
            case Enum<?> constant -> constant.name();
            case Number number -> number(number, place);
            case Optional<?> optional -> toJson(optional.orElse(null), place, depth);
            case Record record -> object(Records.values(record), place, depth);
            case Map<?, ?> map -> object(map, place, depth);
            case List<?> list -> list(list, place, depth);
            default -> array(value, place, depth);
        };
    }

    private static Number number(Number number, String place) {
        return switch (number) {
            case Integer n -> n;
            case Long n -> n;
            case Short n -> n;
            case Byte n -> n;
            case BigInteger n -> n;
            case BigDecimal n -> n;
            case Double n -> finite(n, n, place);
            case Float n -> finite(n, n, place);
            default -> throw unknown(number, place);
        };
    }

    private static Number finite(double value, Number number, String place) {
        if (!Double.isFinite(value)) {
            throw new ResultException(
                    place + " is " + value + ", which JSON can't hold; return null or a text instead");
        }
        return number;
    }

    private static String text(String text, String place) {
        if (!Texts.isUnicode(text)) {
            throw new ResultException(place + " is a text with a lone surrogate, which isn't Unicode");
        }
        return text;
    }

    private static Map<String, @Nullable Object> object(Map<?, ?> map, String place, int depth) {
        Map<String, @Nullable Object> made = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            String name = key(key, place);
            if (made.containsKey(name)) {
                throw new ResultException(place + " has a key twice, as a text and as a number");
            }
            made.put(name, toJson(value, place + "." + name, depth + 1));
        });
        return made;
    }

    private static String key(@Nullable Object key, String place) {
        return switch (key) {
            case String text -> text(text, "a key of " + place);
            case Enum<?> constant -> constant.name();
            case Integer n -> n.toString();
            case Long n -> n.toString();
            case null -> throw new ResultException(place + " has a key that is null");
            default ->
                throw new ResultException(
                        place + " has a key of the type " + key.getClass().getTypeName() + ", not a text");
        };
    }

    private static List<@Nullable Object> list(List<?> list, String place, int depth) {
        List<@Nullable Object> made = new ArrayList<>(list.size());
        for (Object item : list) {
            made.add(toJson(item, place + "[" + made.size() + "]", depth + 1));
        }
        return made;
    }

    private static List<@Nullable Object> array(Object value, String place, int depth) {
        Class<?> item = value.getClass().getComponentType();
        if (item == null || item == byte.class || item == char.class) {
            throw unknown(value, place);
        }
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            items.add(Array.get(value, i));
        }
        return list(items, place, depth);
    }

    private static ResultException unknown(Object value, String place) {
        return new ResultException(place + " is of the type " + value.getClass().getTypeName()
                + ", which JSON can't hold; convert it first");
    }
}
