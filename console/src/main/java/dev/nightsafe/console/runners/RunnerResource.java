package dev.nightsafe.console.runners;

import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /runners} and {@code /enrolment-tokens}. */
@RestController
@RequestMapping(Paths.WORKSPACE)
public final class RunnerResource {
    private final Runners runners;

    public RunnerResource(Runners runners) {
        this.runners = runners;
    }

    @GetMapping("/runners")
    ConsoleApi.Items<ConsoleApi.Runner> list(Scope scope) {
        return new ConsoleApi.Items<>(runners.list(scope));
    }

    @GetMapping("/runners/{runner}")
    ConsoleApi.Runner show(Scope scope, @PathVariable String runner) {
        return runners.show(scope, runner);
    }

    @PostMapping("/runners/{runner}/revoke")
    ConsoleApi.Runner revoke(Scope scope, @PathVariable String runner) {
        return runners.revoke(scope, runner);
    }

    @PostMapping(path = "/enrolment-tokens", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    ConsoleApi.EnrolmentToken enrolmentToken(Scope scope, @RequestBody ConsoleApi.NewEnrolmentToken asked) {
        return runners.enrolmentToken(scope, asked);
    }
}
