package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/** What Tomcat itself refuses (a malformed request line, header or path) is a problem document, too. */
public final class ProblemValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemWriter.write(response.getResponse(), problem(status, failure));
        try {
            response.finishResponse();
        } catch (java.io.IOException e) {
            // The client is gone.
        }
    }

    private static Problem problem(int status, @Nullable Throwable failure) {
        if (failure != null && status >= 500) {
            return ProblemWriter.of(failure);
        }
        return switch (status) {
            case 404 -> Problem.of(ProblemCode.NOT_FOUND, RouteFilter.NO_ROUTE);
            case 405 -> Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "this method is not allowed here");
            case 413 -> Problem.of(ProblemCode.BODY_TOO_LARGE, "the request is too large");
            case 503 ->
                Problem.of(ProblemCode.OVERLOADED, "the console is starting, stopping or overloaded; try again");
            default ->
                status < 500
                        ? Problem.of(ProblemCode.BAD_REQUEST, "this is not a request that HTTP allows")
                        : Problem.of(ProblemCode.INTERNAL, "the console failed to answer");
        };
    }
}
