package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Callers;
import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tasks as they go on, as server-sent events. A stream holds the request's virtual thread. Thread-safe. */
public final class TaskEvents {
    /** Of all callers together. */
    static final int MOST = 1000;

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** Then the client asks again: no stream is for ever. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final TaskChanges changes;
    private final Callers callers;
    private final Semaphore free = new Semaphore(MOST);

    public TaskEvents(Keeper keeper, Callers callers) {
        this.changes = new TaskChanges(keeper);
        this.callers = callers;
    }

    /** How many more streams there can be. */
    Semaphore free() {
        return free;
    }

    /** Returns when the task has ended, the client went away or may see no more, or the stream was long enough. */
    void stream(Scope scope, String id, HttpServletResponse response) throws IOException {
        if (!free.tryAcquire()) {
            throw new NightsafeException(
                    ProblemCode.OVERLOADED, "as many tasks are being watched as can be; try again in a moment");
        }
        try {
            new Stream(scope, Failures.requireId("task", id), response).run();
        } finally {
            free.release();
        }
    }

    /** One client's. */
    private final class Stream {
        private final Scope scope;
        private final String id;
        private final HttpServletResponse response;

        private Stream(Scope scope, String id, HttpServletResponse response) {
            this.scope = scope;
            this.id = id;
            this.response = response;
        }

        private void run() throws IOException {
            long end = System.nanoTime() + LONGEST.toNanos();
            InternalApi.TaskChange change = first();
            response.setContentType("text/event-stream");
            event("state", change.task());
            while (change.task().finishedAt() == null && System.nanoTime() < end) {
                ConsoleApi.Task before = change.task();
                change = next(change);
                if (!callers.isStill(scope.caller())) {
                    return; // whoever asks again is told why
                }
                if (isAnotherState(before, change.task())) {
                    event("state", change.task());
                } else if (!before.equals(change.task())) {
                    event("progress", change.task());
                }
            }
            if (change.task().finishedAt() != null) {
                event("result-ready", change.task());
            }
        }

        /** One wording for what isn't there and what is another workspace's (I6). */
        private InternalApi.TaskChange first() {
            try {
                return changes.now(scope.workspaceId(), id);
            } catch (NightsafeException e) {
                throw e.code() == ProblemCode.NOT_FOUND ? Failures.notFound("task", id) : e;
            }
        }

        private InternalApi.TaskChange next(InternalApi.TaskChange seen) throws IOException {
            CompletableFuture<InternalApi.TaskChange> next = changes.next(scope.workspaceId(), id, seen.mark());
            while (true) {
                try {
                    return next.get(HEARTBEAT.toSeconds(), TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    if (!callers.isStill(scope.caller())) {
                        return seen;
                    }
                    write(": still " + seen.task().state() + "\n\n");
                } catch (ExecutionException e) {
                    throw new IOException("the keeper told no more of this task", e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("the console stops", e);
                }
            }
        }

        private void event(String name, ConsoleApi.Task task) throws IOException {
            write("event: " + name + "\ndata: " + new String(Json.write(task), StandardCharsets.UTF_8) + "\n\n");
        }

        private void write(String text) throws IOException {
            response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            response.flushBuffer();
        }
    }

    private static boolean isAnotherState(ConsoleApi.Task one, ConsoleApi.Task other) {
        return !one.state().equals(other.state())
                || one.attempt() != other.attempt()
                || !Objects.equals(one.reason(), other.reason());
    }
}
