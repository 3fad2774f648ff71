package dev.nightsafe.sdk;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a payload's JSON to the class that a handler asks for. Classes are looked at once, before the first task. */
final class Payloads {
    /** Makes the wanted value of a JSON value, or throws {@link PayloadException} that names the place. */
    @FunctionalInterface
    interface Converter {
        @Nullable
        Object convert(@Nullable Object value, String place);
    }

    /** @param optional what stands for a missing value, null when it must be there */
    private record Field(
            String name, Converter converter, @Nullable Converter optional) {}

    private final Map<Class<?>, Converter> records = new HashMap<>();

    private Payloads() {}

    /** How to make a payload. Throws {@link ProgramException} for a class with a part that JSON can't fill. */
    static Converter converterFor(Class<?> wanted) {
        return new Payloads().compile(wanted, wanted.getSimpleName());
    }

    private Converter compile(Type wanted, String where) {
        if (wanted instanceof ParameterizedType type) {
            return parameterized(type, where);
        }
        if (!(wanted instanceof Class<?> type)) {
            throw unfillable(wanted, where);
        }
        if (type.isRecord()) {
            return record(type);
        }
        if (type.isEnum()) {
            return constant(type);
        }
        return Scalars.of(type).orElseThrow(() -> unfillable(wanted, where));
    }

    private Converter parameterized(ParameterizedType type, String where) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == List.class) {
            return listOf(compile(arguments[0], where));
        }
        if (type.getRawType() == Map.class && arguments[0] == String.class) {
            return mapOf(compile(arguments[1], where));
        }
        if (type.getRawType() == Optional.class) {
            Converter present = compile(arguments[0], where);
            return (value, place) ->
                    value == null ? Optional.empty() : Optional.ofNullable(present.convert(value, place));
        }
        throw unfillable(type, where);
    }

    private Converter record(Class<?> type) {
        Converter known = records.get(type);
        if (known != null) {
            return known;
        }
        // Calls through the table, so that a record can hold itself.
        records.put(type, (value, place) -> made(type).convert(value, place));
        Converter made = object(type);
        records.put(type, made);
        return made;
    }

    private Converter made(Class<?> type) {
        Converter made = records.get(type);
        if (made == null) {
            throw new IllegalStateException(type + " isn't compiled");
        }
        return made;
    }

    private Converter object(Class<?> type) {
        List<Field> fields = Stream.of(type.getRecordComponents())
                .map(component -> field(type, component))
                .toList();
        String known =
                fields.isEmpty() ? "none" : fields.stream().map(Field::name).collect(Collectors.joining(", "));
        Constructor<?> constructor = Records.constructor(type);
        return (value, place) -> {
            Map<?, ?> given = Scalars.object(value, place);
            for (Object name : given.keySet()) {
                if (fields.stream().noneMatch(field -> field.name().equals(name))) {
                    throw new PayloadException(place + " has the unknown field '" + Texts.cut(name.toString(), 100)
                            + "'; known are: " + known);
                }
            }
            @Nullable
            Object[] values =
                    fields.stream().map(field -> take(field, given, place)).toArray();
            return construct(constructor, values, place);
        };
    }

    private Field field(Class<?> type, RecordComponent component) {
        String name = component.getName();
        Converter converter = compile(component.getGenericType(), type.getSimpleName() + "." + name);
        if (component.getType() == Optional.class) {
            return new Field(name, converter, converter);
        }
        if (isNullable(component)) {
            Converter orNull = (value, place) -> value == null ? null : converter.convert(value, place);
            return new Field(name, orNull, orNull);
        }
        return new Field(name, converter, null);
    }

    private static boolean isNullable(RecordComponent component) {
        return Stream.of(
                        component.getAnnotations(), component.getAnnotatedType().getAnnotations())
                .flatMap(Arrays::stream)
                .map(Annotation::annotationType)
                .anyMatch(annotation -> annotation.getSimpleName().equals("Nullable"));
    }

    private static @Nullable Object take(Field field, Map<?, ?> given, String place) {
        String at = place + "." + field.name();
        if (given.containsKey(field.name())) {
            return field.converter().convert(given.get(field.name()), at);
        }
        if (field.optional() == null) {
            throw new PayloadException(at + " is missing");
        }
        return field.optional().convert(null, at);
    }

    private static Object construct(Constructor<?> constructor, @Nullable Object[] values, String place) {
        try {
            return Records.make(constructor, values);
        } catch (IllegalArgumentException e) { // a constructor that checks
            throw new PayloadException(place + ": " + e.getMessage());
        }
    }

    private static Converter listOf(Converter item) {
        return (value, place) -> {
            List<?> given = Scalars.list(value, place);
            @Nullable Object[] made = new @Nullable Object[given.size()];
            for (int i = 0; i < made.length; i++) {
                made[i] = item.convert(given.get(i), place + "[" + i + "]");
            }
            return Arrays.asList(made);
        };
    }

    private static Converter mapOf(Converter item) {
        return (value, place) -> {
            Map<Object, @Nullable Object> made = new LinkedHashMap<>();
            Scalars.object(value, place)
                    .forEach((name, each) -> made.put(name, item.convert(each, place + "." + name)));
            return made;
        };
    }

    private static Converter constant(Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(((Enum<?>) constant).name(), constant);
        }
        String expected = "one of " + String.join(", ", constants.keySet());
        return (value, place) -> {
            Object constant = value instanceof String name ? constants.get(name) : null;
            if (constant == null) {
                throw new PayloadException(place + " must be " + expected);
            }
            return constant;
        };
    }

    private static ProgramException unfillable(Type type, String where) {
        return new ProgramException(
                where + " has the type " + type.getTypeName() + ", which can't be filled from JSON");
    }
}
