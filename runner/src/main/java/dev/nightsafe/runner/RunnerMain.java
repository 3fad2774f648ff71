package dev.nightsafe.runner;

/** Starts the runner. */
public final class RunnerMain {
    private RunnerMain() {}

    public static void main(String[] args) {
        System.err.println("runner: " + args.length);
    }
}
