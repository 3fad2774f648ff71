package dev.nightsafe.console.platform;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller as Spring Security carries it; it keeps no credentials. */
final class ApiTokenAuthentication extends AbstractAuthenticationToken {
    private final transient Caller caller;

    ApiTokenAuthentication(Caller caller) {
        super(List.of());
        this.caller = caller;
        setAuthenticated(true);
    }

    @Override
    public Caller getPrincipal() {
        return caller;
    }

    @Override
    public String getCredentials() {
        return "";
    }
}
