package dev.nightsafe.keeper.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerResponse;

/** Failures as problem documents (RFC 9457), those of the HTTP server itself too. */
final class Problems {
    private static final String RETRY_AFTER_SECS = "1";

    private Problems() {}

    static void send(ServerResponse response, NightsafeException e) {
        if (e.code() == ProblemCode.UNAUTHENTICATED) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        if (isOverload(e.code().status())) {
            response.header(HeaderNames.RETRY_AFTER, RETRY_AFTER_SECS);
        }
        response.status(e.code().status())
                .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .send(Json.write(Problem.of(e)));
    }

    /** Tells the caller nothing; the log has only where it happened, because a message may repeat what was sent. */
    static NightsafeException unexpected(System.Logger log, Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        log.log(
                System.Logger.Level.ERROR,
                "unexpected {0} at {1}",
                e.getClass().getName(),
                trace.length == 0 ? "?" : trace[0]);
        return new NightsafeException(ProblemCode.INTERNAL, "something went wrong in the keeper; its log says where");
    }

    /** For what never reaches a route: a malformed request line, headers that are too long, a body that is too large. */
    static DirectHandlers direct() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, (request, event, status, headers, message) -> direct(status));
        }
        return handlers.build();
    }

    private static DirectHandler.TransportResponse direct(Status status) {
        Problem problem = switch (status.code()) {
            case 404 -> Problem.of(ProblemCode.NOT_FOUND, "there is nothing here; see spec/ for the API");
            case 413 -> Problem.of(ProblemCode.BODY_TOO_LARGE, "the body is too large");
            case 503 -> Problem.of(ProblemCode.OVERLOADED, "too many requests at once; try again");
            case 500 -> Problem.of(ProblemCode.INTERNAL, "something went wrong in the keeper; its log says where");
            default -> Problem.of(ProblemCode.BAD_REQUEST, "this is not a request that the keeper understands");
        };
        DirectHandler.TransportResponse.Builder response = DirectHandler.TransportResponse.builder();
        if (isOverload(problem.status())) {
            response.header(HeaderNames.RETRY_AFTER, RETRY_AFTER_SECS);
        }
        return response.status(Status.create(problem.status()))
                .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .keepAlive(false)
                .entity(Json.write(problem))
                .build();
    }

    private static boolean isOverload(int status) {
        return status == ProblemCode.OVERLOADED.status() || status == ProblemCode.TOO_MANY_REQUESTS.status();
    }
}
