package dev.nightsafe.console.platform;

import dev.nightsafe.core.access.Gate;
import dev.nightsafe.core.budget.Shares;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.filter.OncePerRequestFilter;

/** Bounds how many requests of one token are under way at once, those that wait for a task's end too. */
final class RequestBudgetFilter extends OncePerRequestFilter {
    static final int OF_ONE_TOKEN = TomcatConfiguration.MAX_CONNECTIONS / 8;

    private final Shares requests =
            new Shares("requests", OF_ONE_TOKEN, TomcatConfiguration.MAX_CONNECTIONS, Duration.ZERO);

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (RouteFilter.of(request).route().gate() instanceof Gate.Open) {
            chain.doFilter(request, response); // answered at once
            return;
        }
        try (Shares.Share share = requests.take(Caller.idOfCurrent(), 1)) {
            chain.doFilter(request, response);
        }
    }
}
