package dev.nightsafe.console.release;

import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /vaults/{vault}/release-rules} and {@code /vaults/{vault}/floor}. */
@RestController
@RequestMapping(Paths.VAULT)
public final class ReleaseRuleResource {
    private final ReleaseRules rules;
    private final Floors floors;

    public ReleaseRuleResource(ReleaseRules rules, Floors floors) {
        this.rules = rules;
        this.floors = floors;
    }

    @PostMapping(path = "/release-rules", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ConsoleApi.Released> allow(
            Scope scope, @PathVariable String vault, @RequestBody ConsoleApi.NewReleaseRule asked) {
        ReleaseRules.Allowed allowed = rules.allow(scope, vault, asked);
        return ResponseEntity.status(allowed.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(allowed.released());
    }

    @PutMapping(path = "/floor", consumes = MediaType.APPLICATION_JSON_VALUE)
    ConsoleApi.Floor floor(Scope scope, @PathVariable String vault, @RequestBody ConsoleApi.NewFloor asked) {
        return floors.set(scope, vault, asked);
    }

    @DeleteMapping("/release-rules/{rule}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void disallow(Scope scope, @PathVariable String vault, @PathVariable String rule) {
        rules.disallow(scope, vault, rule);
    }
}
