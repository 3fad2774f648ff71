package dev.nightsafe.core.access;

/** What a route asks of its caller. */
public sealed interface Gate {
    /** Anyone; the route changes nothing (I5). */
    record Open() implements Gate {}

    /** Any valid API token. */
    record SignedIn() implements Gate {}

    /** An API token with this permission in the workspace of the path. */
    record Needs(Permission permission) implements Gate {}

    /** A single-use enrolment token in the body. */
    record EnrolmentToken() implements Gate {}

    /** An assertion signed by an enrolled runner's key (RFC 7523). */
    record Assertion() implements Gate {}

    /** A runner's short-lived access token. */
    record Runner() implements Gate {}

    /** The console's client certificate (mutual TLS). */
    record Console() implements Gate {}
}
