package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.protocol.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds a payload to what its queue's {@code input} says. */
final class Input {
    private Input() {}

    /**
     * The payload with the defaults of fields that it lacks; other fields stay as they are. Any payload at all for a queue
     * without {@code input}.
     *
     * @throws dev.nightsafe.core.problem.NightsafeException {@code BAD_REQUEST} that names the field, never its content
     */
    static JsonNode complete(String queue, List<QueueDefinition.Field> fields, JsonNode payload) {
        if (fields.isEmpty()) {
            return payload;
        }
        if (!(payload instanceof ObjectNode object)) {
            throw Failures.badRequest("queue '" + queue + "' takes an object with the fields "
                    + fields.stream().map(QueueDefinition.Field::name).collect(Collectors.joining(", ")));
        }
        ObjectNode complete = object.deepCopy();
        for (QueueDefinition.Field field : fields) {
            JsonNode value = object.get(field.name());
            if (value == null && field.defaultValue() != null) {
                complete.set(field.name(), Json.MAPPER.valueToTree(field.defaultValue()));
            } else {
                require(queue, field, value == null || value.isNull(), value);
            }
        }
        return complete;
    }

    private static void require(String queue, QueueDefinition.Field field, boolean missing, @Nullable JsonNode value) {
        if (missing && field.required()) {
            throw Failures.badRequest("queue '" + queue + "' requires the field '" + field.name() + "'");
        }
        boolean fits = missing
                || value == null
                || field.types().isEmpty()
                || field.types().stream().anyMatch(type -> is(type, value));
        if (!fits) {
            String types = field.types().stream()
                    .map(type -> type.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
            throw Failures.badRequest("queue '" + queue + "': the field '" + field.name() + "' must be " + types);
        }
    }

    private static boolean is(QueueDefinition.Field.Type type, JsonNode value) {
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
