package dev.nightsafe.sdk;

/** A handler returned something that JSON can't hold. Names the place and the type. */
final class ResultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ResultException(String message) {
        super(message);
    }
}
