package dev.nightsafe.console;

import com.sun.net.httpserver.HttpExchange;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The changes of one watched task, as a test makes them. */
final class FakeChanges {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** State and progress of each change so far, as {@code state/progress}; its mark is how many there were before it, plus one. */
    private final List<String> made = new ArrayList<>();

    private int task;
    private int waited;

    /** Another task is watched; who waits for the one before it hears no more of it. */
    synchronized void reset() {
        made.clear();
        task++;
        waited = 0;
    }

    synchronized void make(String change) {
        made.add(change);
        notifyAll();
    }

    /** How many questions had to wait for their answer, once there are {@code least}. */
    synchronized int waited(int least) throws InterruptedException {
        while (waited < least) {
            wait();
        }
        return waited;
    }

    synchronized InternalApi.TaskChange change(ConsoleApi.Task task, HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        if (!query.contains("wait=20")) {
            return new InternalApi.TaskChange("0", with(task, "pending", null));
        }
        int seen = Integer.parseInt(query.replaceAll(".*seen=(\\d+).*", "$1"));
        awaitMoreThan(seen);
        String[] parts = made.get(seen).split("/", -1);
        return new InternalApi.TaskChange(
                Integer.toString(seen + 1), with(task, parts[0], parts[1].isEmpty() ? null : parts[1]));
    }

    private void awaitMoreThan(int seen) {
        int mine = task;
        long end = System.nanoTime() + LONGEST_NANOS;
        waited += made.size() > seen ? 0 : 1;
        notifyAll();
        try {
            while (made.size() <= seen || task != mine) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("nobody said how the task goes on");
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ConsoleApi.Task with(ConsoleApi.Task task, String state, @Nullable String progress) {
        return new ConsoleApi.Task(
                task.id(),
                task.queue(),
                task.subQueue(),
                task.type(),
                state,
                state.equals("pending") ? 0 : 1,
                task.maxRetry(),
                null,
                null,
                progress,
                null,
                task.submittedAt(),
                null,
                state.equals("succeeded") ? FakeKeeper.NOW : null,
                null,
                null,
                null,
                null,
                task.withheld());
    }
}
