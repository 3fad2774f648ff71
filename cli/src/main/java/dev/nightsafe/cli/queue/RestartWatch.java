package dev.nightsafe.cli.queue;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.Progress;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Follows a restart to its end. */
final class RestartWatch {
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final ConsoleClient console;
    private final Terminal terminal;

    RestartWatch(ConsoleClient console, Terminal terminal) {
        this.console = console;
        this.terminal = terminal;
    }

    /** The queue when no runner has a worker to start anew any more. */
    ConsoleApi.QueueActivity await(ConsoleApi.QueueActivity begun, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        ConsoleApi.QueueActivity now = begun;
        try (Progress progress = new Progress(terminal)) {
            while (now.serving().stream().anyMatch(ConsoleApi.ServingRunner::restarting)) {
                progress.show(still(now));
                if (System.nanoTime() > end) {
                    throw CliException.failed(
                            "the restart isn't done after " + limit.toSeconds() + " s; " + still(now),
                            "it goes on: nightsafe queue inspect " + now.queue());
                }
                LockSupport.parkNanos(AGAIN.toNanos());
                now = console.get(ConsoleApi.QueueActivity.class, "queues", now.queue(), "activity");
            }
        }
        return now;
    }

    private static String still(ConsoleApi.QueueActivity activity) {
        return "still to start: "
                + activity.serving().stream()
                        .filter(ConsoleApi.ServingRunner::restarting)
                        .map(runner -> runner.runner() + " (" + runner.state()
                                + (runner.detail() == null ? "" : ": " + runner.detail()) + ")")
                        .collect(Collectors.joining(", "));
    }
}
