package dev.nightsafe.console.platform;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.Problem;
import dev.nightsafe.protocol.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/** What a resource throws, as a problem document. No text of the request is repeated. */
@RestControllerAdvice
class ProblemAdvice {
    private static final String BROKE_OFF = "the request has no body, or it broke off";

    @ExceptionHandler
    void body(HttpMessageNotReadableException e, HttpServletResponse response) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof NightsafeException known) {
                ProblemWriter.write(response, Problem.of(known));
                return;
            }
        }
        ProblemWriter.write(
                response,
                e.getCause() instanceof JacksonException json
                        ? Problem.of(Json.unreadable(json))
                        : Problem.of(ProblemCode.BAD_REQUEST, BROKE_OFF));
    }

    @ExceptionHandler
    void mediaType(HttpMediaTypeNotSupportedException e, HttpServletResponse response) {
        ProblemWriter.write(
                response, ProblemCode.UNSUPPORTED_MEDIA_TYPE, "send the body as Content-Type: application/json");
    }

    @ExceptionHandler
    void parameter(MethodArgumentTypeMismatchException e, HttpServletResponse response) {
        ProblemWriter.write(
                response,
                ProblemCode.BAD_REQUEST,
                "'" + e.getName() + "' in the query has another form; see the API's description");
    }

    @ExceptionHandler
    void parameter(MissingServletRequestParameterException e, HttpServletResponse response) {
        ProblemWriter.write(
                response, ProblemCode.BAD_REQUEST, "'" + e.getParameterName() + "' is missing in the query");
    }

    /** A percent-encoding that isn't UTF-8, or more parameters than any route has. */
    @ExceptionHandler
    void query(InvalidParameterException e, HttpServletResponse response) {
        ProblemWriter.write(
                response,
                ProblemCode.BAD_REQUEST,
                "the query can't be read; its parameters are UTF-8, percent-encoded");
    }

    /** The client went away in the middle; who still listens is told. */
    @ExceptionHandler
    void brokenOff(IOException e, HttpServletResponse response) {
        if (!response.isCommitted()) {
            ProblemWriter.write(response, ProblemCode.BAD_REQUEST, BROKE_OFF);
        }
    }

    @ExceptionHandler
    void anything(Exception e, HttpServletResponse response) {
        ProblemWriter.write(response, ProblemWriter.of(e));
    }
}
