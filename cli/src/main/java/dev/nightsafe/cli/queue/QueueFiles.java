package dev.nightsafe.cli.queue;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.core.queue.QueueYaml;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Queue definitions from files and folders. */
public final class QueueFiles {
    private static final long MAX_FILE_BYTES = 4 << 20;

    private QueueFiles() {}

    /** Every queue of every file, in order; a folder stands for its {@code .yaml} and {@code .yml} files by name. */
    public static List<QueueDefinition> read(List<Path> filesAndFolders) {
        List<QueueDefinition> queues = new ArrayList<>();
        Map<String, Path> seen = new HashMap<>();
        for (Path given : filesAndFolders) {
            for (Path file : files(given)) {
                for (QueueDefinition queue : QueueYaml.parse(file.toString(), text(file))) {
                    Path before = seen.putIfAbsent(Names.folded(queue.name()), file);
                    if (before != null) {
                        throw CliException.usage(
                                "queue '" + queue.name() + "' stands in " + before + " and in " + file,
                                "keep one of them; nothing was applied");
                    }
                    queues.add(queue);
                }
            }
        }
        if (queues.isEmpty()) {
            throw CliException.usage("there is no queue in what was given", "a file starts with 'queues:'");
        }
        return queues;
    }

    private static List<Path> files(Path given) {
        if (!Files.isDirectory(given)) {
            return List.of(given);
        }
        try (Stream<Path> inside = Files.list(given)) {
            return inside.filter(file -> file.toString().matches("(?i).*\\.ya?ml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(given, e);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw CliException.usage(file + " is larger than 4 MiB", "that is hardly a queue file");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.USAGE, "no such file: " + file, "check the path", e);
        } catch (CharacterCodingException e) {
            throw new CliException(ExitCode.USAGE, file + " is not UTF-8 text", "save it as UTF-8", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static CliException unreadable(Path file, IOException cause) {
        return new CliException(ExitCode.USAGE, "can't read " + file, "check that you may read it", cause);
    }
}
