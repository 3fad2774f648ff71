package dev.nightsafe.console;

import com.sun.net.httpserver.HttpExchange;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The changes of one watched task, as a test makes them. */
final class FakeChanges {
    /** State and progress of each change to come, as {@code state/progress}. */
    final LinkedBlockingQueue<String> coming = new LinkedBlockingQueue<>();

    /** How often somebody waited for a change. */
    final AtomicInteger polls = new AtomicInteger();

    InternalApi.TaskChange change(ConsoleApi.Task task, HttpExchange exchange) {
        if (!exchange.getRequestURI().getQuery().contains("wait=20")) {
            return new InternalApi.TaskChange("0", with(task, "pending", null));
        }
        polls.incrementAndGet();
        try {
            String next = coming.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nobody said how the task goes on");
            }
            String[] parts = next.split("/", -1);
            return new InternalApi.TaskChange(next, with(task, parts[0], parts[1].isEmpty() ? null : parts[1]));
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
