package dev.nightsafe.console.platform;

import dev.nightsafe.core.access.Gate;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Reads {@code Authorization: Bearer nst_…}. A request without a valid token goes on as anonymous, to the gate. */
final class ApiTokenFilter extends OncePerRequestFilter {
    private static final String WHY = ApiTokenFilter.class.getName();
    private static final String ALTERED = WHY + ".altered";
    private static final String SCHEME = "Bearer ";

    private final ApiTokens tokens;

    ApiTokenFilter(ApiTokens tokens) {
        this.tokens = tokens;
    }

    /** Why a request is anonymous. */
    static String why(HttpServletRequest request) {
        return request.getAttribute(WHY) instanceof String why
                ? why
                : "this needs an API token: send Authorization: Bearer nst_…";
    }

    /** Id of the token whose row isn't what a console wrote, when that is why a request is anonymous. */
    static Optional<String> altered(HttpServletRequest request) {
        return Optional.ofNullable((String) request.getAttribute(ALTERED));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String token = bearer(request);
        if (token != null && !(RouteFilter.of(request).route().gate() instanceof Gate.Open)) {
            switch (tokens.find(token)) {
                case ApiTokens.Known known -> authenticate(known.caller());
                case ApiTokens.Refused refused -> request.setAttribute(WHY, refused.why());
                case ApiTokens.Altered altered -> {
                    request.setAttribute(WHY, "this API token was altered in the database; make a new one");
                    request.setAttribute(ALTERED, altered.tokenId());
                }
            }
        }
        chain.doFilter(request, response);
    }

    private static @Nullable String bearer(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }

    private static void authenticate(Caller caller) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new ApiTokenAuthentication(caller));
        SecurityContextHolder.setContext(context);
    }
}
