package dev.nightsafe.cli.task;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Follows a task to its end. */
public final class TaskWatch {
    private static final Set<String> FINISHED = Set.of("succeeded", "failed", "cancelled");
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    /** Before asking anew. */
    private static final Duration AGAIN = Duration.ofMillis(200);

    /** Enough for the first event, which tells the present state, when there is no time to wait. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    /** A connection that nobody knows to be dead is given up after this. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final ConsoleClient console;

    public TaskWatch(ConsoleClient console) {
        this.console = console;
    }

    public static boolean isFinished(ConsoleApi.Task task) {
        return FINISHED.contains(task.state());
    }

    /**
     * Follows a task's events until it is finished; asks anew when they are broken off, and once a second where the console
     * can't hold another stream.
     *
     * @param seen is told what was seen, without content but for the last
     */
    public ConsoleApi.Task await(String id, Duration limit, Consumer<ConsoleApi.Task> seen) {
        long end = System.nanoTime() + limit.toNanos();
        String[] state = {""};
        while (true) {
            boolean finished = follow(id, Duration.ofNanos(Math.max(end - System.nanoTime(), 0)), task -> {
                state[0] = task.state();
                seen.accept(task);
            });
            if (finished) {
                return console.get(ConsoleApi.Task.class, "tasks", id);
            }
            if (System.nanoTime() >= end) {
                throw CliException.failed(
                        "the task is still " + state[0] + " after " + limit.toSeconds() + " s",
                        "it goes on: nightsafe task show " + id);
            }
            LockSupport.parkNanos(AGAIN.toNanos());
        }
    }

    /** True when it has finished; false when the events were broken off or the time is over. */
    private boolean follow(String id, Duration limit, Consumer<ConsoleApi.Task> seen) {
        try {
            Duration atMost = limit.compareTo(LONGEST) < 0 ? limit.plus(FIRST) : LONGEST;
            return console.events(
                    ConsoleApi.Task.class,
                    atMost,
                    (event, task) -> {
                        boolean ended = event.equals("result-ready");
                        if (!ended) {
                            seen.accept(task);
                        }
                        return !ended;
                    },
                    "tasks",
                    id,
                    "events");
        } catch (NightsafeException e) {
            if (e.code() != ProblemCode.OVERLOADED) {
                throw e;
            }
            ConsoleApi.Task task = console.get(ConsoleApi.Task.class, ONE_SECOND, "?wait=1", "tasks", id);
            seen.accept(task);
            return isFinished(task);
        }
    }
}
