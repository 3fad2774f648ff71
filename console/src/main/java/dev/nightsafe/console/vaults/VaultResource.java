package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /vaults}. */
@RestController
@RequestMapping(Paths.WORKSPACE + "/vaults")
public final class VaultResource {
    private final Vaults vaults;
    private final Rekeys rekeys;

    public VaultResource(Vaults vaults, Rekeys rekeys) {
        this.vaults = vaults;
        this.rekeys = rekeys;
    }

    @GetMapping
    ConsoleApi.Items<ConsoleApi.VaultSummary> list(Scope scope) {
        return new ConsoleApi.Items<>(vaults.list(scope));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    ConsoleApi.Vault create(Scope scope, @RequestBody ConsoleApi.NewVault asked) {
        return vaults.create(scope, asked);
    }

    @GetMapping("/{vault}")
    ConsoleApi.Vault show(Scope scope, @PathVariable String vault) {
        return vaults.show(scope, vault);
    }

    @PutMapping(path = "/{vault}/keeping", consumes = MediaType.APPLICATION_JSON_VALUE)
    ConsoleApi.Vault keep(Scope scope, @PathVariable String vault, @RequestBody ConsoleApi.Keeping asked) {
        return vaults.keep(scope, vault, asked);
    }

    @GetMapping("/{vault}/rekey")
    ConsoleApi.Rekey rekey(Scope scope, @PathVariable String vault) {
        return rekeys.show(scope, vault);
    }

    @PostMapping("/{vault}/rekey")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ConsoleApi.Rekey beginRekey(Scope scope, @PathVariable String vault) {
        return rekeys.begin(scope, vault);
    }

    @DeleteMapping("/{vault}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Scope scope, @PathVariable String vault, @RequestParam(defaultValue = "false") boolean force) {
        vaults.delete(scope, vault, force);
    }
}
