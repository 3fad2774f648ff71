package dev.nightsafe.sdk;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as plain values: null, {@code Boolean}, {@code String}, {@code List}, {@code Map}, and numbers with all their
 * digits: {@code Long}, {@code BigInteger}, {@code BigDecimal}. Thread-safe.
 */
final class JsonText {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonText() {}

    /** Throws {@link JacksonException} for anything but one JSON value. */
    static @Nullable Object read(byte[] json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new tools.jackson.core.exc.StreamReadException(parser, "something follows the value");
            }
            return value;
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new tools.jackson.core.exc.StreamReadException(parser, "there is no value");
        }
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case START_ARRAY -> list(parser);
            case START_OBJECT -> object(parser);
            case END_ARRAY, END_OBJECT, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new tools.jackson.core.exc.StreamReadException(parser, "a value was expected");
        };
    }

    private static Number whole(JsonParser parser) {
        BigInteger number = parser.getBigIntegerValue();
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }

    private static Number decimal(JsonParser parser) {
        BigDecimal number;
        try {
            number = parser.getDecimalValue();
        } catch (NumberFormatException e) { // which the parser lets pass for exponents of ten digits or more
            throw new tools.jackson.core.exc.StreamReadException(parser, "a number is out of range");
        }
        // A BigDecimal has no zero below zero.
        return number.signum() == 0 && parser.getString().startsWith("-") ? (Number) (-0.0) : number;
    }

    private static List<@Nullable Object> list(JsonParser parser) {
        List<@Nullable Object> made = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            made.add(value(parser));
        }
        return made;
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        Map<String, @Nullable Object> made = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            made.put(name, value(parser));
        }
        return made;
    }

    /** Writes what {@link Results#toJson} made, or {@link #read} gave. */
    static byte[] write(@Nullable Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            write(value, generator);
        }
        return bytes.toByteArray();
    }

    private static void write(@Nullable Object value, JsonGenerator generator) {
        switch (value) {
            case null -> generator.writeNull();
            case Boolean truth -> generator.writeBoolean(truth);
            case String text -> generator.writeString(text);
            case Number number -> write(number, generator);
            case List<?> list -> {
                generator.writeStartArray();
                list.forEach(item -> write(item, generator));
                generator.writeEndArray();
            }
            case Map<?, ?> map -> {
                generator.writeStartObject();
                map.forEach((name, item) -> {
                    generator.writeName((String) name);
                    write(item, generator);
                });
                generator.writeEndObject();
            }
            default -> throw new IllegalArgumentException(value.getClass().getName() + " isn't JSON");
        }
    }

    private static void write(Number number, JsonGenerator generator) {
        switch (number) {
            case BigDecimal decimal -> generator.writeNumber(decimal);
            case BigInteger whole -> generator.writeNumber(whole);
            case Double binary -> generator.writeNumber(binary);
            case Float binary -> generator.writeNumber(binary);
            default -> generator.writeNumber(number.longValue());
        }
    }
}
