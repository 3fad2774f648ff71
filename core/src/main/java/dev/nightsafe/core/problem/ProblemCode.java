package dev.nightsafe.core.problem;

/** Every failure that a caller can see, with the HTTP status it has. The code's spelling is part of the API and never changes. */
public enum ProblemCode {
    BAD_REQUEST("bad-request", 400),
    INVALID_NAME("invalid-name", 400),
    RESERVED_NAME("reserved-name", 400),
    INVALID_QUEUE("invalid-queue", 400),
    INVALID_BOX("invalid-box", 400),
    VALUE_EMPTY("value-empty", 400),
    VALUE_TOO_LARGE("value-too-large", 413),
    BODY_TOO_LARGE("body-too-large", 413),
    UNAUTHENTICATED("unauthenticated", 401),
    FORBIDDEN("forbidden", 403),
    NOT_FOUND("not-found", 404),
    VAULT_NOT_FOUND("vault-not-found", 404),
    QUEUE_NOT_FOUND("queue-not-found", 404),
    METHOD_NOT_ALLOWED("method-not-allowed", 405),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415),
    ALREADY_EXISTS("already-exists", 409),
    VERSION_CONFLICT("version-conflict", 409),
    /** The vault has another lock since. */
    LOCK_CHANGED("lock-changed", 409),
    VAULT_IN_USE("vault-in-use", 409),
    QUEUE_IN_USE("queue-in-use", 409),
    WRONG_STATE("wrong-state", 409),
    QUEUE_PAUSED("queue-paused", 409),
    IDEMPOTENCY_CONFLICT("idempotency-conflict", 409),
    LEASE_LOST("lease-lost", 409),
    /** Consent was given to another deployment than the queue has now. */
    DEPLOYMENT_CHANGED("deployment-changed", 409),
    NOT_RELEASED("not-released", 403),
    /** A queue takes values in a weaker way than their vault permits. */
    BELOW_FLOOR("below-floor", 409),
    RULES_ALTERED("rules-altered", 409),
    ROLLED_BACK("rolled-back", 409),
    SECRET_UNREADABLE("secret-unreadable", 422),
    /** Its depositor said until when it is good. */
    SECRET_EXPIRED("secret-expired", 409),
    /** An older version that was asked for isn't kept any more, or isn't what the queue asks for now. */
    VERSIONS_GONE("versions-gone", 409),
    KEY_UNUSABLE("key-unusable", 500),
    VAULTS_NOT_CONFIGURED("vaults-not-configured", 503),
    KEEPER_UNAVAILABLE("keeper-unavailable", 503),
    DATABASE_UNAVAILABLE("database-unavailable", 503),
    /** It may have been done or not: the caller looks before it tries again. */
    OUTCOME_UNKNOWN("outcome-unknown", 503),
    /** One caller has too much at once; the others aren't kept waiting by it. */
    TOO_MANY_REQUESTS("too-many-requests", 429),
    OVERLOADED("overloaded", 503),
    INTERNAL("internal", 500),
    /** Only ever made by a client. */
    UNREACHABLE("unreachable", 503);

    private final String code;
    private final int status;

    ProblemCode(String code, int status) {
        this.code = code;
        this.status = status;
    }

    /** The code as it stands in a problem document, for example {@code vault-not-found}. */
    public String code() {
        return code;
    }

    /** The HTTP status that goes with the code. */
    public int status() {
        return status;
    }

    /** The code with this spelling; {@link #INTERNAL} for one that this version doesn't know. */
    public static ProblemCode of(String code) {
        for (ProblemCode candidate : values()) {
            if (candidate.code.equals(code)) {
                return candidate;
            }
        }
        return INTERNAL;
    }
}
