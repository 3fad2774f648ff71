package dev.nightsafe.core.process;

import java.io.IOException;
import java.util.List;

/** A program that shields itself, says so, and waits. */
final class Shielded {
    private Shielded() {}

    public static void main(String[] how) throws IOException {
        List<String> notDone = switch (how[0]) {
            case "shield" -> ThisProcess.shield();
            case "lock" -> ThisProcess.shieldAndLock();
            default -> List.of();
        };
        notDone.forEach(System.out::println);
        System.out.println("ready");
        System.in.read();
    }
}
