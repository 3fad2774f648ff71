package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

/** Answers with problem documents wherever Spring MVC isn't reached, and with the same ones from there. */
final class ProblemWriter {
    private static final System.Logger LOG = System.getLogger(ProblemWriter.class.getName());

    private ProblemWriter() {}

    /** Throws {@link IllegalStateException} when an answer was begun, so that its connection breaks off. */
    static void write(HttpServletResponse response, Problem problem) {
        if (response.isCommitted()) {
            throw new IllegalStateException("an answer was begun before this problem: " + problem.code());
        }
        byte[] body = Json.write(problem);
        response.resetBuffer();
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        setSafeHeaders(response);
        if (problem.status() == ProblemCode.UNAUTHENTICATED.status()) {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"nightsafe\"");
        }
        if (problem.code().equals(ProblemCode.OVERLOADED.code())
                || problem.code().equals(ProblemCode.TOO_MANY_REQUESTS.code())) {
            response.setHeader("Retry-After", "5");
        }
        try {
            response.getOutputStream().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(HttpServletResponse response, ProblemCode code, String detail) {
        write(response, Problem.of(code, detail));
    }

    /** What an unexpected failure is told as: a number that finds it in the log, and nothing else. */
    static Problem unexpected(Throwable failure) {
        String id = UUID.randomUUID().toString();
        LOG.log(System.Logger.Level.ERROR, "request " + id + " failed", failure);
        return Problem.of(
                ProblemCode.INTERNAL, "the console failed unexpectedly; its log has the cause under request " + id);
    }

    static Problem of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NightsafeException known) {
                return known.code() == ProblemCode.INTERNAL ? unexpected(failure) : Problem.of(known);
            }
        }
        return unexpected(failure);
    }

    static void setSafeHeaders(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setHeader("Referrer-Policy", "no-referrer");
    }
}
