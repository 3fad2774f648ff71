package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.task.TaskFields;
import java.util.List;
import java.util.stream.Collectors;
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
                TaskFields.problem(field, value).ifPresent(problem -> {
                    throw Failures.badRequest("queue '" + queue + "': " + problem);
                });
            }
        }
        return complete;
    }
}
