package dev.nightsafe.core.problem;

/**
 * A failure with a stable code. The message says what failed and what to do next; it never holds a value, a token or a
 * password, so it may be shown to the caller and logged.
 */
public class NightsafeException extends RuntimeException {
    private final ProblemCode code;

    public NightsafeException(ProblemCode code, String message) {
        super(message);
        this.code = code;
    }

    public NightsafeException(ProblemCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ProblemCode code() {
        return code;
    }
}
