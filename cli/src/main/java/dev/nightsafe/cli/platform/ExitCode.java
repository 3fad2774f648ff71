package dev.nightsafe.cli.platform;

import dev.nightsafe.core.problem.ProblemCode;

/** What a command's exit code says; part of the interface to scripts and never changed. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "failed; the error says why"),
    USAGE(2, "the command line, or a name, a value or a file given to it, is not valid"),
    NOT_FOUND(3, "what was named is not there"),
    NOT_ALLOWED(4, "not signed in, or not allowed"),
    CONFLICT(5, "it is already there, or was changed by someone else"),
    UNAVAILABLE(6, "a server can't be reached or can't serve this now"),
    TASK_FAILED(7, "the task that was waited for failed or was cancelled"),
    NOT_READY(8, "what was checked isn't ready");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** 0 to 8. */
    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    /** The exit code for a failure with this problem code. */
    public static ExitCode of(ProblemCode code) {
        return switch (code) {
            case INVALID_NAME, RESERVED_NAME, INVALID_QUEUE, VALUE_EMPTY, VALUE_TOO_LARGE, BODY_TOO_LARGE -> USAGE;
            case UNAUTHENTICATED, FORBIDDEN, NOT_RELEASED -> NOT_ALLOWED;
            case NOT_FOUND, VAULT_NOT_FOUND, QUEUE_NOT_FOUND -> NOT_FOUND;
            case ALREADY_EXISTS,
                    VERSION_CONFLICT,
                    LOCK_CHANGED,
                    VAULT_IN_USE,
                    QUEUE_IN_USE,
                    WRONG_STATE,
                    QUEUE_PAUSED,
                    IDEMPOTENCY_CONFLICT,
                    LEASE_LOST,
                    DEPLOYMENT_CHANGED,
                    BELOW_FLOOR,
                    RULES_ALTERED,
                    ROLLED_BACK -> CONFLICT;
            case VAULTS_NOT_CONFIGURED,
                    KEEPER_UNAVAILABLE,
                    DATABASE_UNAVAILABLE,
                    OUTCOME_UNKNOWN,
                    OVERLOADED,
                    TOO_MANY_REQUESTS,
                    UNREACHABLE -> UNAVAILABLE;
            case BAD_REQUEST,
                    INVALID_BOX,
                    METHOD_NOT_ALLOWED,
                    UNSUPPORTED_MEDIA_TYPE,
                    SECRET_UNREADABLE,
                    SECRET_EXPIRED,
                    VERSIONS_GONE,
                    KEY_UNUSABLE,
                    INTERNAL -> FAILED;
        };
    }
}
