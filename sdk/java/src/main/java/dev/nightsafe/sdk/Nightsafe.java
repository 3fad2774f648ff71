package dev.nightsafe.sdk;

/**
 * Where a task program begins.
 *
 * <pre>{@code
 * record Greeting(String name) {}
 *
 * void main() {
 *     Nightsafe.tasks()
 *             .handle(Greeting.class, (greeting, task) -> Map.of("greeting", "Hello, " + greeting.name()))
 *             .run();
 * }
 * }</pre>
 *
 * <p>The queue's secrets are in the environment ({@link System#getenv(String)}), or in files whose paths are there.
 */
public final class Nightsafe {
    private Nightsafe() {}

    /**
     * A program without handlers yet. From here on {@link System#out} is {@link System#err}, which the runner keeps as the
     * worker's log: what the program prints doesn't disturb its conversation with the runner.
     */
    public static Tasks tasks() {
        Channel.keepPrintsOut();
        return new Tasks();
    }
}
