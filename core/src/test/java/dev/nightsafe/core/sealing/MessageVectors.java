package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.list;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.text;

import dev.nightsafe.core.signing.Message;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bytes that signatures, MACs and seals cover. */
final class MessageVectors {
    private MessageVectors() {}

    static Map<String, @Nullable Object> make() {
        return map(
                "messages",
                List.of(
                        message("purpose alone", "p"),
                        message("an empty text is a field", "p", ""),
                        message("two fields", "p", "ab", "c"),
                        message("the same letters in other fields", "p", "a", "bc"),
                        message("text is UTF-8", "p", "ä€\ud83d\udd11", "\u0000\n"),
                        message("numbers have eight bytes", "p", 0L, 1L, 4294967297L, 9007199254740991L, -1L),
                        message("bytes", "p", new byte[0], new byte[] {0, (byte) 0x80, (byte) 0xff}),
                        message("a number is not its digits", "p", "1", 1L)));
    }

    static Stream<Vectors.Check> checks(JsonNode file) {
        return list(file, "messages")
                .map(vector -> new Vectors.Check(text(vector, "name"), () -> {
                    Message message = Message.of(text(vector, "purpose"));
                    list(vector, "fields").forEach(field -> {
                        if (field.has("text")) {
                            message.add(text(field, "text"));
                        } else if (field.has("number")) {
                            message.add(field.get("number").asLong());
                        } else {
                            message.add(hex(field, "hex"));
                        }
                    });
                    requireEqual(hex(vector, "bytes"), message.bytes());
                }));
    }

    private static Map<String, @Nullable Object> message(String name, String purpose, Object... fields) {
        Message message = Message.of(purpose);
        List<Map<String, @Nullable Object>> shown = Stream.of(fields)
                .map(field -> switch (field) {
                    case String text -> {
                        message.add(text);
                        yield map("text", text);
                    }
                    case Long number -> {
                        message.add(number);
                        yield map("number", number);
                    }
                    case byte[] bytes -> {
                        message.add(bytes);
                        yield map("hex", hex(bytes));
                    }
                    default -> throw new IllegalArgumentException(field.toString());
                })
                .toList();
        return map("name", name, "purpose", purpose, "fields", shown, "bytes", hex(message.bytes()));
    }
}
