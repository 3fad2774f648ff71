package dev.nightsafe.protocol.task;

import dev.nightsafe.core.queue.QueueDefinition.Field;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds JSON to a queue's {@code input} or {@code output}. What it says names fields, and never their content. */
public final class TaskFields {
    private TaskFields() {}

    /** What is wrong with a result; empty when it fits, and for a queue that says nothing of its output. */
    public static Optional<String> problem(List<Field> fields, @Nullable JsonNode result) {
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        if (result == null || !result.isObject()) {
            return Optional.of("it must be an object with the fields "
                    + fields.stream().map(Field::name).collect(Collectors.joining(", ")));
        }
        return fields.stream()
                .flatMap(field -> problem(field, result.get(field.name())).stream())
                .findFirst();
    }

    /** The same for one field, missing when null. */
    public static Optional<String> problem(Field field, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return field.required() ? Optional.of("the field '" + field.name() + "' is required") : Optional.empty();
        }
        if (field.types().isEmpty() || field.types().stream().anyMatch(type -> is(type, value))) {
            return Optional.empty();
        }
        String types = field.types().stream()
                .map(type -> type.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
        return Optional.of("the field '" + field.name() + "' must be " + types);
    }

    private static boolean is(Field.Type type, JsonNode value) {
        return switch (type) {
            case STRING -> value.isString();
            case INT -> value.isIntegralNumber();
            case FLOAT -> value.isNumber();
            case BOOL -> value.isBoolean();
            case ARRAY -> value.isArray();
            case OBJECT -> value.isObject();
        };
    }
}
