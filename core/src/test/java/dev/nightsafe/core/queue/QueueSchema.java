package dev.nightsafe.core.queue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** {@code spec/queue.schema.json}, asked about documents as plain maps and lists. */
final class QueueSchema {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Schema SCHEMA = read();

    private QueueSchema() {}

    /** What the schema has against a document; nothing when it passes. */
    static List<String> problems(Object document) {
        return SCHEMA.validate(MAPPER.valueToTree(document)).stream()
                .map(Object::toString)
                .toList();
    }

    private static Schema read() {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(Path.of("../spec/queue.schema.json")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
