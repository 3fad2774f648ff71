package dev.nightsafe.console.platform;

import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.Budget;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.database.engine.Committer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/**
 * Answers what the gate denied and audits it, beside the request. What is audited is bounded, apart for anonymous and
 * for known callers, so that nobody fills the disk or hides in the noise; what was left out is counted.
 */
final class Denials implements AuthenticationEntryPoint, AccessDeniedHandler {
    private static final System.Logger LOG = System.getLogger(Denials.class.getName());
    private static final int BURST = 20;

    private final Committer committer;
    private final Budget anonymous;
    private final Budget known;

    Denials(Committer committer, InstantSource clock) {
        this.committer = committer;
        this.anonymous = new Budget(BURST, clock);
        this.known = new Budget(BURST, clock);
    }

    /** Without a valid token. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e) {
        deny(request, response, e.getCause());
    }

    /** With one. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e) {
        deny(request, response, e);
    }

    private void deny(HttpServletRequest request, HttpServletResponse response, @Nullable Throwable failure) {
        if (!(failure instanceof AuthorizationDeniedException denied)
                || !(denied.getAuthorizationResult() instanceof RouteGate.Denied why)) {
            throw new IllegalStateException("denied by something else than the gate", failure);
        }
        audit(request, why);
        ProblemWriter.write(response, why.code(), why.detail());
    }

    private void audit(HttpServletRequest request, RouteGate.Denied why) {
        Caller caller = (Caller) request.getAttribute(ScopeResolver.CALLER);
        Budget budget = caller == null ? anonymous : known;
        long skipped = budget.take();
        if (skipped < 0) {
            return;
        }
        Scope scope = (Scope) request.getAttribute(ScopeResolver.SCOPE);
        Route route = RouteFilter.of(request).route();
        SortedMap<String, String> details = new TreeMap<>();
        details.put("from", request.getRemoteAddr());
        ApiTokenFilter.altered(request).ifPresent(token -> {
            details.put("token", token);
            details.put("problem", "its row was altered in the database, or added by somebody else than a console");
        });
        if (skipped > 0) {
            details.put("not-recorded-before", Long.toString(skipped));
        }
        AuditEvent event = new AuditEvent(
                scope == null ? null : scope.workspaceId(),
                caller == null ? "anonymous" : caller.actor(),
                "access.denied",
                "route:" + route.method() + " " + route.path(),
                why.code().code(),
                details);
        Thread.ofVirtual().name("denial").start(() -> store(event));
    }

    private void store(AuditEvent event) {
        try {
            committer.commit(transaction -> {
                transaction.audit(event);
                return event;
            });
        } catch (NightsafeException e) {
            LOG.log(System.Logger.Level.WARNING, "a denial was not recorded: " + e.getMessage());
        }
    }
}
