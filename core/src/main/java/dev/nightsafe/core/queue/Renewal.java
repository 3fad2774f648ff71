package dev.nightsafe.core.queue;

/**
 * How a queue's workers come to values that are deposited while they run, and its tasks' later attempts to older ones. It gives
 * nobody access to anything.
 *
 * @param signal what {@link OnChange#SIGNAL} sends
 * @param versions of secrets that later attempts have
 */
public record Renewal(OnChange onChange, Signal signal, Versions versions) {

    /** What becomes of workers when one of their values is new. */
    public enum OnChange {
        /** Their files are replaced, and programs that watch them are told. */
        LIVE,
        /** Their files are replaced, and they get a signal. */
        SIGNAL,
        /** Each starts anew after the task that it has in hand. */
        RESTART,
        /** They go on; those that are started later have it. */
        NEXT_BOOTSTRAP
    }

    /** Signals that programs take for news; their numbers are Linux's. */
    public enum Signal {
        SIGHUP(1),
        SIGUSR1(10),
        SIGUSR2(12);

        private final int number;

        Signal(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /** Which versions of its secrets a later attempt at a task has. */
    public enum Versions {
        /** Those of the first attempt. */
        SAME,
        /** Those that its worker has. */
        NEWEST
    }

    /** What holds for a queue that says no more. */
    public static final Renewal USUAL = new Renewal(OnChange.NEXT_BOOTSTRAP);

    /** With what is usual for the rest. */
    public Renewal(OnChange onChange) {
        this(onChange, Signal.SIGHUP, Versions.NEWEST);
    }

    /** True when workers hear of new values. */
    public boolean isPrompt() {
        return onChange != OnChange.NEXT_BOOTSTRAP;
    }

    /** True when files of workers that run are replaced. */
    public boolean isInPlace() {
        return onChange == OnChange.LIVE || onChange == OnChange.SIGNAL;
    }
}
