package dev.nightsafe.core.access;

import java.util.List;

/** What a route asks of its caller. */
public sealed interface Gate {
    /** Anyone; the route changes nothing (I5). */
    record Open() implements Gate {}

    /** Any valid API token. */
    record SignedIn() implements Gate {}

    /** An API token with all of these permissions in the workspace of the path. */
    record Needs(List<Permission> permissions) implements Gate {
        public Needs {
            permissions = List.copyOf(permissions);
        }
    }

    /** A signature by the key that a single-use enrolment token is ({@link EnrolmentKey}). */
    record EnrolmentToken() implements Gate {}

    /** An assertion signed by an enrolled runner's key (RFC 7523). */
    record Assertion() implements Gate {}

    /** A runner's short-lived access token. */
    record Runner() implements Gate {}

    /** The console's client certificate (mutual TLS). */
    record Console() implements Gate {}
}
