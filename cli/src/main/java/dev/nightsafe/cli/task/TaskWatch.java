package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** Follows a task to its end. */
public final class TaskWatch {
    private static final Set<String> FINISHED = Set.of("succeeded", "failed", "cancelled");
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMillis(500);

    private final ConsoleClient console;

    public TaskWatch(ConsoleClient console) {
        this.console = console;
    }

    public static boolean isFinished(ConsoleApi.Task task) {
        return FINISHED.contains(task.state());
    }

    /**
     * Asks until the task is finished, at first every 50 ms, later twice a second.
     *
     * @param seen is told each time what was seen
     */
    public ConsoleApi.Task await(String id, Duration limit, Consumer<ConsoleApi.Task> seen) {
        long end = System.nanoTime() + limit.toNanos();
        Duration pause = SHORTEST;
        while (true) {
            ConsoleApi.Task task = console.get(ConsoleApi.Task.class, "tasks", id);
            seen.accept(task);
            if (isFinished(task)) {
                return task;
            }
            if (System.nanoTime() + pause.toNanos() > end) {
                throw CliException.failed(
                        "the task is still " + task.state() + " after " + limit.toSeconds() + " s",
                        "it goes on: nightsafe task show " + id);
            }
            sleep(pause);
            pause = pause.multipliedBy(5).dividedBy(4).compareTo(LONGEST) < 0 ? pause.multipliedBy(5).dividedBy(4) : LONGEST;
        }
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.FAILED, "interrupted while waiting for the task", null, e);
        }
    }
}
