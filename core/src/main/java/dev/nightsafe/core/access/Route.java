package dev.nightsafe.core.access;

/**
 * One row of the permission table.
 *
 * @param server which listener answers it
 * @param method HTTP method
 * @param path path with {@code {name}} for parameters
 * @param gate what it asks of its caller
 */
public record Route(Server server, String method, String path, Gate gate) {
    /** A listener. */
    public enum Server {
        /** People and automation. */
        CONSOLE,
        /** Runners. */
        KEEPER,
        /** Console to keeper. */
        INTERNAL
    }
}
