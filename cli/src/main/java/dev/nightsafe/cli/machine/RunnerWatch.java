package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;

/** Waits for the runner that was just started. */
final class RunnerWatch {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Machine machine;
    private final ConsoleClient console;

    RunnerWatch(Machine machine, ConsoleClient console) {
        this.machine = machine;
        this.console = console;
    }

    /** Returns when the keeper has heard of it; throws with the end of its log when it ends before. */
    void awaitOnline() {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (console.list(ConsoleApi.Runner.class, "", "runners").stream()
                .noneMatch(runner -> runner.state().equals("online"))) {
            machine.requireRunnerAlive();
            if (System.nanoTime() > end) {
                throw CliException.failed(
                        "the runner was not online within " + LIMIT.toSeconds() + " s", "its log says more: logs/runner.log");
            }
            Starter.pause();
        }
    }
}
