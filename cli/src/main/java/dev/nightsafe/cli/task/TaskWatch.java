package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** Follows a task to its end. */
public final class TaskWatch {
    private static final Set<String> FINISHED = Set.of("succeeded", "failed", "cancelled");
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    private final ConsoleClient console;

    public TaskWatch(ConsoleClient console) {
        this.console = console;
    }

    public static boolean isFinished(ConsoleApi.Task task) {
        return FINISHED.contains(task.state());
    }

    /**
     * Asks until the task is finished; the console answers once a second, and at once when it is.
     *
     * @param seen is told each time what was seen
     */
    public ConsoleApi.Task await(String id, Duration limit, Consumer<ConsoleApi.Task> seen) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            ConsoleApi.Task task = console.get(ConsoleApi.Task.class, ONE_SECOND, "?wait=1", "tasks", id);
            seen.accept(task);
            if (isFinished(task)) {
                return task;
            }
            if (System.nanoTime() > end) {
                throw CliException.failed(
                        "the task is still " + task.state() + " after " + limit.toSeconds() + " s",
                        "it goes on: nightsafe task show " + id);
            }
        }
    }
}
