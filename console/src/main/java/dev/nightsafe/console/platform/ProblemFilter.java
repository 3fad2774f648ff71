package dev.nightsafe.console.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.filter.OncePerRequestFilter;

/** The outermost filter: safe headers on every answer, and a problem document for whatever was thrown below. */
final class ProblemFilter extends OncePerRequestFilter {
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) {
        ProblemWriter.setSafeHeaders(response);
        try {
            chain.doFilter(request, response);
        } catch (Exception e) {
            ProblemWriter.write(response, ProblemWriter.of(e));
        }
    }
}
