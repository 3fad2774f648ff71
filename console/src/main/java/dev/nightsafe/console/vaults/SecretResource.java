package dev.nightsafe.console.vaults;

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
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /vaults/{vault}/secrets/{key}}: values go in here, sealed, and there is no way out. */
@RestController
@RequestMapping(Paths.VAULT + "/secrets/{key}")
public final class SecretResource {
    private final Deposits deposits;

    public SecretResource(Deposits deposits) {
        this.deposits = deposits;
    }

    @GetMapping("/lock")
    ConsoleApi.LockForDeposit lock(Scope scope, @PathVariable String vault, @PathVariable String key) {
        return deposits.lock(scope, vault, key);
    }

    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ConsoleApi.Deposited deposit(
            Scope scope, @PathVariable String vault, @PathVariable String key, @RequestBody ConsoleApi.Deposit asked) {
        return deposits.deposit(scope, vault, key, asked);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unset(Scope scope, @PathVariable String vault, @PathVariable String key) {
        deposits.unset(scope, vault, key);
    }
}
