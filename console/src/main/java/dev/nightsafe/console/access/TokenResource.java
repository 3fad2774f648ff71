package dev.nightsafe.console.access;

import dev.nightsafe.console.platform.Caller;
import dev.nightsafe.console.platform.Paths;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /whoami} and {@code /tokens}. */
@RestController
public final class TokenResource {
    private static final String TOKENS = Paths.WORKSPACE + "/tokens";

    private final Tokens tokens;

    public TokenResource(Tokens tokens) {
        this.tokens = tokens;
    }

    @GetMapping(Paths.API + "/whoami")
    ConsoleApi.WhoAmI whoAmI(Caller caller) {
        return tokens.whoAmI(caller);
    }

    @GetMapping(TOKENS)
    ConsoleApi.Items<ConsoleApi.Token> list(Scope scope) {
        return new ConsoleApi.Items<>(tokens.list(scope));
    }

    @PostMapping(path = TOKENS, consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    ConsoleApi.CreatedToken create(Scope scope, @RequestBody ConsoleApi.NewToken asked) {
        return tokens.create(scope, asked);
    }

    @DeleteMapping(TOKENS + "/{token}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(Scope scope, @PathVariable String token) {
        tokens.revoke(scope, token);
    }
}
