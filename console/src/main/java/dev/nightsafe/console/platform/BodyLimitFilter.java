package dev.nightsafe.console.platform;

import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds bodies, one by one and together, so that neither a large nor many a request fills the memory. It stands behind
 * the gate: who has no token can't make the console read anything.
 */
final class BodyLimitFilter extends OncePerRequestFilter {
    static final int DEPOSIT_BYTES = 3 << 20;
    static final int BATCH_BYTES = 7 << 20;
    static final int OTHER_BYTES = 2 << 20;

    /** Smaller ones don't count towards the sum. */
    private static final int SMALL_BYTES = 64 << 10;

    private static final int UNIT = 1 << 10;
    private static final int SUM_UNITS = (96 << 20) / UNIT;
    /** Three of the largest at once, while others have three times as much. */
    private static final int TOKENS_UNITS = SUM_UNITS / 4;

    private static final Duration WAIT = Duration.ofSeconds(10);
    /** From the first byte to the last: who sends one byte a second holds its share for no longer. */
    private static final Duration LONGEST_BODY = Duration.ofSeconds(30);

    private static final String DEPOSIT_PATH = "/api/v1/workspaces/{workspace}/vaults/{vault}/secrets/{key}";
    private static final String BATCH_PATH = "/api/v1/workspaces/{workspace}/queues/{queue}/task-batches";

    private final Shares bodies = new Shares("large requests", TOKENS_UNITS, SUM_UNITS, WAIT);

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        int limit = switch (RouteFilter.of(request).route().path()) {
            case DEPOSIT_PATH -> DEPOSIT_BYTES;
            case BATCH_PATH -> BATCH_BYTES;
            default -> OTHER_BYTES;
        };
        long announced = request.getContentLengthLong();
        if (announced > limit) {
            throw tooLarge(limit);
        }
        boolean chunked = announced < 0 && request.getHeader("Transfer-Encoding") != null;
        int expected = chunked ? limit : (int) Math.max(0, announced);
        LimitedRequest limited = new LimitedRequest(request, limit, LONGEST_BODY);
        if (expected <= SMALL_BYTES) {
            chain.doFilter(limited, response);
            return;
        }
        try (Shares.Share share = bodies.take(Caller.idOfCurrent(), Math.ceilDiv(expected, UNIT))) {
            chain.doFilter(limited, response);
        }
    }

    static NightsafeException tooSlow() {
        return new NightsafeException(
                ProblemCode.BAD_REQUEST,
                "the body took longer than " + LONGEST_BODY.toSeconds() + " s; send it faster");
    }

    static NightsafeException tooLarge(int limit) {
        return new NightsafeException(
                ProblemCode.BODY_TOO_LARGE, "the body is larger than " + (limit >> 20) + " MiB, send less");
    }
}
