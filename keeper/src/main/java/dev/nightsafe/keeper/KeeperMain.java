package dev.nightsafe.keeper;

/** Starts the keeper. */
public final class KeeperMain {
    private KeeperMain() {}

    public static void main(String[] args) {
        System.err.println("keeper: " + args.length);
    }
}
