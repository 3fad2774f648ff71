package dev.nightsafe.core.queue;

import java.nio.file.Path;
import java.util.List;

/**
 * Reads queue files; {@code docs/queues.md} describes them and {@code spec/queue.schema.json} says the same to editors.
 *
 * <p>Each of these throws {@link dev.nightsafe.core.problem.NightsafeException} {@code INVALID_QUEUE}, whose message has
 * one line for each thing that is wrong, up to twenty: {@code file:line:column}, what, and what to write instead. It
 * repeats names from the file but no values.
 */
public final class QueueYaml {
    private QueueYaml() {}

    /**
     * Reads one file ({@code queues: {name: …}}).
     *
     * @param file how errors name it
     * @return at least one queue, in the file's order
     */
    public static List<QueueDefinition> parse(String file, String text) {
        QueueFiles files = new QueueFiles();
        files.read(file, text);
        return files.queues();
    }

    /**
     * Reads the definition of one queue, as the API takes it.
     *
     * @param body JSON or YAML of what stands under the queue's name
     */
    public static QueueDefinition parseOne(String name, String body) {
        QueueFiles files = new QueueFiles();
        files.readOne(name, body);
        return files.queues().getFirst();
    }

    /** Reads a file, or each {@code *.yaml} and {@code *.yml} of a folder by name; a queue stands in one of them only. */
    public static List<QueueDefinition> parsePath(Path path) {
        QueueFiles files = new QueueFiles();
        files.readPath(path);
        return files.queues();
    }
}
