package dev.nightsafe.sdk;

/** Thrown by a handler when its task failed but another attempt may succeed. */
public class RetryableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RetryableException(String message) {
        super(message);
    }

    public RetryableException(String message, Throwable cause) {
        super(message, cause);
    }
}
