package dev.nightsafe.cli.platform;

import java.time.Duration;
import picocli.CommandLine.Option;

/** {@code --wait} and {@code --timeout}, of commands that begin something which takes its time. */
public final class WaitOptions {
    @Option(names = "--wait", description = "Wait for the end, showing progress.")
    private boolean waiting;

    @Option(
            names = "--timeout",
            paramLabel = "SECS",
            defaultValue = "600",
            description = "How long to wait (${DEFAULT-VALUE}).")
    private int seconds;

    public boolean isWanted() {
        return waiting;
    }

    public Duration timeout() {
        return Duration.ofSeconds(seconds);
    }
}
