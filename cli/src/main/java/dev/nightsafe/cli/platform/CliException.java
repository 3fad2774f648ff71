package dev.nightsafe.cli.platform;

import org.jspecify.annotations.Nullable;

/**
 * A failure that the CLI itself found. Message and hint are shown on standard error; neither ever holds a value, a token
 * or a password.
 */
public final class CliException extends RuntimeException {
    private final ExitCode exitCode;
    private final @Nullable String hint;

    public CliException(ExitCode exitCode, String message, @Nullable String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    public CliException(ExitCode exitCode, String message, @Nullable String hint, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    /** A mistake in what the user gave. */
    public static CliException usage(String message, String hint) {
        return new CliException(ExitCode.USAGE, message, hint);
    }

    /** Anything else that went wrong. */
    public static CliException failed(String message, @Nullable String hint) {
        return new CliException(ExitCode.FAILED, message, hint);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** What to do next, or null when the message says it. */
    public @Nullable String hint() {
        return hint;
    }
}
