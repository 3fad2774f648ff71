package dev.nightsafe.console;

/** Starts the console. */
public final class ConsoleMain {
    private ConsoleMain() {}

    public static void main(String[] args) {
        System.err.println("console: " + args.length);
    }
}
