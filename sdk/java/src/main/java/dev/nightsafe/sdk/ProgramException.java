package dev.nightsafe.sdk;

/** The program itself can't work; said to the runner instead of 'ready'. */
final class ProgramException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProgramException(String message) {
        super(message);
    }
}
