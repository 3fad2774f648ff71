package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tasks as a file of JSON lines. */
final class TaskLines {
    private static final int MOST = 1000;

    private TaskLines() {}

    /** @param file a path, or {@code -} for standard input */
    static List<ConsoleApi.NewTask> read(Terminal terminal, String file) {
        String text = new String(Payload.bytes(terminal, file.equals("-") ? file : "@" + file), StandardCharsets.UTF_8);
        List<ConsoleApi.NewTask> tasks = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                tasks.add(task(line, number));
            }
        }
        if (tasks.isEmpty() || tasks.size() > MOST) {
            throw CliException.usage(
                    "the file has " + tasks.size() + " tasks", "submit 1 to " + MOST + " at once; split it");
        }
        return tasks;
    }

    private static ConsoleApi.NewTask task(String line, int number) {
        try {
            ConsoleApi.NewTask task = Json.read(line.getBytes(StandardCharsets.UTF_8), ConsoleApi.NewTask.class);
            if (task.payload() != null) {
                return task;
            }
            throw CliException.usage("line " + number + " has no payload", "write {\"payload\": …} on each line");
        } catch (NightsafeException e) {
            throw CliException.usage(
                    "line " + number + " is not a task",
                    "write {\"payload\": …, \"type\": …, \"subQueue\": …, \"idempotencyKey\": …}; all but payload may be left out");
        }
    }
}
