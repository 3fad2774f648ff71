package dev.nightsafe.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;

/**
 * A problem document (RFC 9457), {@code application/problem+json}.
 *
 * @param type {@code urn:nightsafe:problem:<code>}
 * @param title the code's words
 * @param code the stable code
 * @param detail what failed and what to do next
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Problem(String type, String title, int status, String code, String detail) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(NightsafeException e) {
        return of(e.code(), String.valueOf(e.getMessage()));
    }

    public static Problem of(ProblemCode code, String detail) {
        return new Problem(
                "urn:nightsafe:problem:" + code.code(),
                code.code().replace('-', ' '),
                code.status(),
                code.code(),
                detail);
    }

    public NightsafeException toException() {
        return new NightsafeException(ProblemCode.of(code), detail);
    }
}
