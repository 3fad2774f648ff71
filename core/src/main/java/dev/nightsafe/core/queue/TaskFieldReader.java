package dev.nightsafe.core.queue;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.QueueDefinition.Field;
import dev.nightsafe.core.yaml.YamlNode;
import dev.nightsafe.core.yaml.YamlNode.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a queue's {@code input} and {@code output}. */
final class TaskFieldReader {
    private static final int MAX_FIELDS = 1_000;
    private static final int LONGEST_NAME = 128;

    private TaskFieldReader() {}

    /** The fields listed under {@code list}, which is {@code input} or {@code output}. */
    static List<Field> read(Fields queue, String list) {
        List<Field> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<YamlNode> items = queue.items(list, MAX_FIELDS, list + ": [{name: prompt, type: [string]}]");
        for (int i = 0; i < items.size(); i++) {
            YamlNode item = items.get(i);
            String path = list + "[" + i + "].";
            Fields.of(item.at(), queue.owner(), path, item, QueueFields.FIELD, queue.faults())
                    .map(TaskFieldReader::field)
                    .ifPresent(field -> {
                        if (!field.name().isEmpty() && !names.add(field.name())) {
                            queue.wrong(item, path + "name", " is used before; rename one");
                        }
                        read.add(field);
                    });
        }
        return read;
    }

    private static Field field(Fields fields) {
        String name = fields.required("name", TaskFieldReader::name, "write the field's name")
                .orElse("");
        List<Field.Type> types = types(fields);
        Object defaultValue =
                fields.find("default").map(entry -> entry.value().plain()).orElse(null);
        if (!fits(types, defaultValue)) {
            fields.find("default")
                    .ifPresent(
                            entry -> fields.wrong(entry.value(), "default", " is not of the field's type; change one"));
        }
        String description = fields.text("description").orElse("");
        return new Field(name, types, fields.flag("required"), defaultValue, description);
    }

    private static List<Field.Type> types(Fields fields) {
        Optional<Entry> entry = fields.find("type");
        if (entry.isEmpty()) {
            return List.of();
        }
        List<YamlNode> items = entry.get().value() instanceof YamlNode.Sequence sequence
                ? sequence.items()
                : List.of(entry.get().value());
        List<Field.Type> types = new ArrayList<>();
        items.forEach(
                item -> fields.checked(item, "type", TaskFieldReader::type).ifPresent(types::add));
        return types;
    }

    private static boolean fits(List<Field.Type> types, @Nullable Object value) {
        return value == null || types.isEmpty() || types.stream().anyMatch(type -> fits(type, value));
    }

    private static boolean fits(Field.Type type, Object value) {
        return switch (type) {
            case STRING -> value instanceof String;
            case INT -> value instanceof Long;
            case FLOAT -> value instanceof Number;
            case BOOL -> value instanceof Boolean;
            case ARRAY -> value instanceof List;
            case OBJECT -> value instanceof Map;
        };
    }

    private static Field.Type type(String text) {
        return switch (text) {
            case "string" -> Field.Type.STRING;
            case "int" -> Field.Type.INT;
            case "float" -> Field.Type.FLOAT;
            case "bool" -> Field.Type.BOOL;
            case "array" -> Field.Type.ARRAY;
            case "object" -> Field.Type.OBJECT;
            default -> throw bad("write string, int, float, bool, array or object");
        };
    }

    private static String name(String text) {
        if (text.isBlank() || text.length() > LONGEST_NAME || !PlainText.isVisible(text)) {
            throw bad("write 1 to " + LONGEST_NAME + " characters, each of them visible");
        }
        return text;
    }

    private static NightsafeException bad(String what) {
        return new NightsafeException(ProblemCode.INVALID_QUEUE, what);
    }
}
