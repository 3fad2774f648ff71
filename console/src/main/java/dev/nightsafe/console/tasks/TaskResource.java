package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.protocol.console.ConsoleApi;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /tasks}, and what is below {@code /queues/{queue}} for tasks. */
@RestController
@RequestMapping(Paths.WORKSPACE)
public final class TaskResource {
    private static final int MAX_LIMIT = 500;
    private static final int MAX_WAIT_SECS = 60;

    private final Tasks tasks;
    private final TaskEvents events;
    private final QueueActivity activity;

    public TaskResource(Tasks tasks, TaskEvents events, QueueActivity activity) {
        this.tasks = tasks;
        this.events = events;
        this.activity = activity;
    }

    @PostMapping(path = "/queues/{queue}/tasks", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    ConsoleApi.Task submit(Scope scope, @PathVariable String queue, @RequestBody ConsoleApi.NewTask asked) {
        return tasks.submit(scope, queue, asked);
    }

    @PostMapping(path = "/queues/{queue}/task-batches", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    ConsoleApi.Items<ConsoleApi.Task> submitAll(
            Scope scope, @PathVariable String queue, @RequestBody ConsoleApi.NewTasks asked) {
        return new ConsoleApi.Items<>(tasks.submit(scope, queue, asked.tasks()));
    }

    @GetMapping("/tasks")
    ConsoleApi.Items<ConsoleApi.Task> list(
            Scope scope,
            @RequestParam(required = false) @Nullable String queue,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = "50") int limit) {
        Failures.requireWithin("limit", limit, 1, MAX_LIMIT);
        return new ConsoleApi.Items<>(tasks.list(scope, queue, state, limit));
    }

    @GetMapping("/tasks/{task}")
    ConsoleApi.Task show(Scope scope, @PathVariable String task, @RequestParam(defaultValue = "0") int wait) {
        return tasks.show(scope, task, Failures.requireWithin("wait", wait, 0, MAX_WAIT_SECS));
    }

    @GetMapping("/tasks/{task}/events")
    void events(Scope scope, @PathVariable String task, HttpServletResponse response) throws IOException {
        events.stream(scope, task, response);
    }

    @GetMapping("/tasks/{task}/logs")
    ConsoleApi.TaskLogs logs(
            Scope scope, @PathVariable String task, @RequestParam(required = false) @Nullable String after) {
        return tasks.logs(scope, task, after);
    }

    @PostMapping("/tasks/{task}/cancel")
    ConsoleApi.Task cancel(Scope scope, @PathVariable String task) {
        return tasks.cancel(scope, task);
    }

    @PostMapping("/tasks/{task}/retry")
    ConsoleApi.Task retry(Scope scope, @PathVariable String task) {
        return tasks.retry(scope, task);
    }

    @GetMapping("/queues/{queue}/activity")
    ConsoleApi.QueueActivity activity(Scope scope, @PathVariable String queue) {
        return activity.of(scope, queue);
    }

    @PostMapping("/queues/{queue}/pause")
    ConsoleApi.QueueActivity pause(Scope scope, @PathVariable String queue) {
        return activity.pause(scope, queue);
    }

    @PostMapping("/queues/{queue}/resume")
    ConsoleApi.QueueActivity resume(Scope scope, @PathVariable String queue) {
        return activity.resume(scope, queue);
    }

    @PostMapping("/queues/{queue}/restart")
    ConsoleApi.QueueActivity restart(Scope scope, @PathVariable String queue) {
        return activity.restart(scope, queue);
    }
}
