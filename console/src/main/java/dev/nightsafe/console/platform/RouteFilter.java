package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;

/** Lets through only what is in the permission table; anything else is the same 404 for everybody. */
final class RouteFilter extends OncePerRequestFilter {
    static final String NO_ROUTE = "no such route; see /api/v1/openapi.yaml";

    private static final String FOUND = RouteFilter.class.getName();

    private final RouteTable table;

    RouteFilter(RouteTable table) {
        this.table = table;
    }

    /** The route of a request that this filter let through. */
    static RouteTable.Found of(HttpServletRequest request) {
        return (RouteTable.Found) Objects.requireNonNull(request.getAttribute(FOUND), "the route filter came first");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        switch (table.match(
                request.getMethod(),
                ServletRequestPathUtils.parseAndCache(request).pathWithinApplication())) {
            case RouteTable.Found found -> {
                request.setAttribute(FOUND, found);
                chain.doFilter(request, response);
            }
            case RouteTable.OtherMethod other -> {
                String methods = String.join(", ", other.methods());
                response.setHeader("Allow", methods);
                ProblemWriter.write(
                        response, ProblemCode.METHOD_NOT_ALLOWED, "this method is not allowed here; use " + methods);
            }
            case RouteTable.Unknown unknown -> ProblemWriter.write(response, ProblemCode.NOT_FOUND, NO_ROUTE);
        }
    }
}
