package dev.nightsafe.sdk;

/** A task's payload isn't what its handler asks for. Names the field, never its value. */
final class PayloadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PayloadException(String message) {
        super(message);
    }
}
