package dev.nightsafe.core.queue;

/** How a queue's workers come to values that are deposited while they run. It gives nobody access to anything. */
public record Renewal(OnChange onChange) {

    /** What becomes of workers when one of their values is new. */
    public enum OnChange {
        /** Each starts anew after the task that it has in hand. */
        RESTART,
        /** They go on; those that are started later have it. */
        NEXT_BOOTSTRAP
    }

    /** What holds for a queue that says no more. */
    public static final Renewal USUAL = new Renewal(OnChange.NEXT_BOOTSTRAP);

    /** True when workers hear of new values. */
    public boolean isPrompt() {
        return onChange != OnChange.NEXT_BOOTSTRAP;
    }
}
