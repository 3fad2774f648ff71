package dev.nightsafe.keeper.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many connections the limit on open files allows. Accepting one too many would end the listener for good: Helidon takes
 * that failure for the end of its socket.
 */
final class OpenFiles {
    private static final String NAME = "Max open files";
    /** Databases, jars, the JVM's own. */
    private static final int OTHERS = 300;

    private static final int FEWEST = 64;
    /** The console's connections: one for each call that it makes or waits for. */
    private static final int MOST_INTERNAL = 1024;

    private OpenFiles() {}

    /** What this process may have open now. */
    static int most() {
        try {
            return most(Files.readString(Path.of("/proc/self/limits")));
        } catch (IOException e) {
            throw new UncheckedIOException("the limit on open files can't be read", e);
        }
    }

    /** As {@code /proc/PID/limits} says it: the limit that holds, then the highest that could be set. */
    static int most(String limits) {
        String line = limits.lines()
                .filter(each -> each.startsWith(NAME))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no '" + NAME + "' in /proc/self/limits"));
        String most = line.substring(NAME.length()).strip().split(" ", 2)[0];
        return most.equals("unlimited") ? Integer.MAX_VALUE : (int) Math.min(Long.parseLong(most), Integer.MAX_VALUE);
    }

    /** Of the runners' listener. */
    static int runners(int most) {
        return Math.clamp((long) most - OTHERS - internal(most), FEWEST, HttpServer.MAX_CONNECTIONS);
    }

    /** Of the console's listener. */
    static int internal(int most) {
        return Math.clamp(most / 8, FEWEST, MOST_INTERNAL);
    }
}
