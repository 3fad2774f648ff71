package dev.nightsafe.console.platform;

import dev.nightsafe.core.access.Gate;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.console.WorkspaceRepository;
import dev.nightsafe.database.console.WorkspaceRow;
import dev.nightsafe.database.engine.Database;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/**
 * Decides every request by its route's {@link Gate}. A workspace that the caller may not see is denied exactly like one
 * that doesn't exist (I6), and before its permissions are looked at.
 */
final class RouteGate implements AuthorizationManager<RequestAuthorizationContext> {
    private static final AuthorizationResult GRANTED = new AuthorizationDecision(true);

    /** Why not. */
    record Denied(ProblemCode code, String detail) implements AuthorizationResult {
        static Denied of(NightsafeException e) {
            return new Denied(e.code(), String.valueOf(e.getMessage()));
        }

        @Override
        public boolean isGranted() {
            return false;
        }
    }

    private final Database database;

    RouteGate(Database database) {
        this.database = database;
    }

    @Override
    public AuthorizationResult authorize(
            Supplier<? extends @Nullable Authentication> authentication, RequestAuthorizationContext context) {
        HttpServletRequest request = context.getRequest();
        RouteTable.Found found = RouteFilter.of(request);
        if (found.route().gate() instanceof Gate.Open) {
            return GRANTED;
        }
        if (!(authentication.get() instanceof ApiTokenAuthentication token)) {
            return new Denied(ProblemCode.UNAUTHENTICATED, ApiTokenFilter.why(request));
        }
        Caller caller = token.getPrincipal();
        request.setAttribute(ScopeResolver.CALLER, caller);
        return switch (found.route().gate()) {
            case Gate.Open open -> GRANTED;
            case Gate.SignedIn signedIn -> GRANTED;
            case Gate.Needs needs -> needs(caller, needs.permissions(), found, request);
            case Gate.EnrolmentToken other -> wrongServer();
            case Gate.Assertion other -> wrongServer();
            case Gate.Runner other -> wrongServer();
            case Gate.Console other -> wrongServer();
        };
    }

    private AuthorizationResult needs(
            Caller caller, List<Permission> permissions, RouteTable.Found found, HttpServletRequest request) {
        String name = found.variables().get("workspace");
        if (name == null && caller.workspaceId() != null) {
            return forbidden(permissions);
        }
        if (name == null) {
            return permitted(caller, permissions);
        }
        Optional<WorkspaceRow> workspace = database.read(handle -> WorkspaceRepository.byName(handle, name))
                .filter(row -> caller.sees(row.id()));
        if (workspace.isEmpty()) {
            return Denied.of(Failures.notFound("workspace", name));
        }
        request.setAttribute(ScopeResolver.SCOPE, new Scope(caller, workspace.get()));
        return permitted(caller, permissions);
    }

    private static AuthorizationResult permitted(Caller caller, List<Permission> permissions) {
        List<Permission> lacking = permissions.stream()
                .filter(permission -> !caller.may(permission))
                .toList();
        return lacking.isEmpty() ? GRANTED : forbidden(lacking);
    }

    private static Denied forbidden(List<Permission> lacking) {
        String ids = lacking.stream().map(Permission::id).collect(Collectors.joining(" and "));
        return new Denied(
                ProblemCode.FORBIDDEN,
                "this API token lacks the permission " + ids + "; ask whoever manages tokens for one" + " that has it");
    }

    private static Denied wrongServer() {
        return new Denied(ProblemCode.FORBIDDEN, "this route is not the console's");
    }
}
