package dev.nightsafe.console.workspaces;

import dev.nightsafe.console.platform.Caller;
import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /workspaces}. */
@RestController
@RequestMapping(Paths.API + "/workspaces")
public final class WorkspaceResource {
    private final Workspaces workspaces;

    public WorkspaceResource(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    @GetMapping
    ConsoleApi.Items<ConsoleApi.Workspace> list(Caller caller) {
        return new ConsoleApi.Items<>(workspaces.visibleTo(caller));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    ConsoleApi.Workspace create(Caller caller, @RequestBody ConsoleApi.NewWorkspace asked) {
        return workspaces.create(caller, asked);
    }
}
