package dev.nightsafe.cli;

/** Starts the cli. */
public final class NightsafeCommand {
    private NightsafeCommand() {}

    public static void main(String[] args) {
        System.err.println("cli: " + args.length);
    }
}
