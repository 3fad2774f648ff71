package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

    private static final int SUM_BYTES = 96 << 20;
    private static final long WAIT_SECS = 10;
    private static final String DEPOSIT_PATH = "/api/v1/workspaces/{workspace}/vaults/{vault}/secrets/{key}";
    private static final String BATCH_PATH = "/api/v1/workspaces/{workspace}/queues/{queue}/task-batches";

    private final Semaphore sum = new Semaphore(SUM_BYTES, true);

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
        int counted = expected <= SMALL_BYTES ? 0 : expected;
        take(counted);
        try {
            chain.doFilter(new LimitedRequest(request, limit), response);
        } finally {
            sum.release(counted);
        }
    }

    static NightsafeException tooLarge(int limit) {
        return new NightsafeException(
                ProblemCode.BODY_TOO_LARGE, "the body is larger than " + (limit >> 20) + " MiB, send less");
    }

    private void take(int bytes) {
        try {
            if (sum.tryAcquire(bytes, WAIT_SECS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new NightsafeException(ProblemCode.OVERLOADED, "too many large requests at once; try again");
    }
}
