package dev.nightsafe.console.queues;

import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /queues}. */
@RestController
@RequestMapping(Paths.WORKSPACE + "/queues")
public final class QueueResource {
    private final Queues queues;
    private final QueueChecks checks;

    public QueueResource(Queues queues, QueueChecks checks) {
        this.queues = queues;
        this.checks = checks;
    }

    @GetMapping
    ConsoleApi.Items<ConsoleApi.Queue> list(Scope scope) {
        return new ConsoleApi.Items<>(queues.list(scope));
    }

    @GetMapping("/{queue}")
    ConsoleApi.Queue show(Scope scope, @PathVariable String queue) {
        return queues.show(scope, queue);
    }

    @GetMapping("/{queue}/check")
    ConsoleApi.QueueCheck check(Scope scope, @PathVariable String queue) {
        return checks.check(scope, queue);
    }

    @PutMapping(path = "/{queue}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ConsoleApi.QueueApplied apply(Scope scope, @PathVariable String queue, @RequestBody byte[] body) {
        return queues.apply(scope, queue, body);
    }

    @DeleteMapping("/{queue}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Scope scope, @PathVariable String queue, @RequestParam(defaultValue = "false") boolean force) {
        queues.delete(scope, queue, force);
    }
}
