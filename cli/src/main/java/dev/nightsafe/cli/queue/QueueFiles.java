package dev.nightsafe.cli.queue;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.core.queue.QueueYaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Queue definitions from several files and folders. */
public final class QueueFiles {
    private QueueFiles() {}

    /** Every queue of every file, in order. Throws unless all of them are right and no name comes twice. */
    public static List<QueueDefinition> read(List<Path> filesAndFolders) {
        List<QueueDefinition> queues = new ArrayList<>();
        Map<String, Path> seen = new HashMap<>();
        for (Path given : filesAndFolders) {
            for (QueueDefinition queue : QueueYaml.parsePath(given)) {
                Path before = seen.putIfAbsent(Names.folded(queue.name()), given);
                if (before != null) {
                    throw CliException.usage(
                            "queue '" + queue.name() + "' stands in " + before + " and in " + given,
                            "keep one of them; nothing was applied");
                }
                queues.add(queue);
            }
        }
        return queues;
    }
}
