package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /vaults/{vault}/secrets/{key}/versions} and {@code /releases}: what became of a key's versions, never a value. */
@RestController
@RequestMapping(Paths.VAULT + "/secrets/{key}")
public final class VersionResource {
    private static final int MOST = 1000;

    private final Versions versions;

    public VersionResource(Versions versions) {
        this.versions = versions;
    }

    @GetMapping("/versions")
    ConsoleApi.Items<ConsoleApi.SecretVersion> history(
            Scope scope,
            @PathVariable String vault,
            @PathVariable String key,
            @RequestParam(defaultValue = "9223372036854775807") long before,
            @RequestParam(defaultValue = "50") int limit) {
        Failures.requireWithin("limit", limit, 1, MOST);
        return new ConsoleApi.Items<>(versions.history(scope, vault, key, before, limit));
    }

    @DeleteMapping("/versions/{version}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void forget(Scope scope, @PathVariable String vault, @PathVariable String key, @PathVariable long version) {
        versions.forget(scope, vault, key, version);
    }

    /** Who was given it: who is hit if it leaked. */
    @GetMapping("/releases")
    ConsoleApi.Items<ConsoleApi.Release> releases(
            Scope scope,
            @PathVariable String vault,
            @PathVariable String key,
            @RequestParam(defaultValue = "0") long version,
            @RequestParam(defaultValue = "") String before,
            @RequestParam(defaultValue = "50") int limit) {
        Failures.requireWithin("limit", limit, 1, MOST);
        return new ConsoleApi.Items<>(versions.releases(scope, vault, key, version, before, limit));
    }

    @PostMapping("/versions/{version}/restore")
    ConsoleApi.Deposited restore(
            Scope scope, @PathVariable String vault, @PathVariable String key, @PathVariable long version) {
        return versions.restore(scope, vault, key, version);
    }
}
