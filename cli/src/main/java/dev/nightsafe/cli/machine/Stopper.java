package dev.nightsafe.cli.machine;

import java.time.Duration;
import java.util.Optional;

/** Stops parts: asks by SIGTERM, then insists. */
final class Stopper {
    private final RunFolder run;
    private final Duration patience;

    Stopper(RunFolder run, Duration patience) {
        this.run = run;
        this.patience = patience;
    }

    /** How a part came to its end. */
    enum Outcome {
        NOT_RUNNING,
        STOPPED,
        KILLED
    }

    /** Returns when the part has ended; its pid file is gone then. */
    Outcome stop(Part part) {
        Optional<ProcessId> process = run.running(part);
        Outcome outcome = process.map(this::stop).orElse(Outcome.NOT_RUNNING);
        run.stopped(part);
        return outcome;
    }

    private Outcome stop(ProcessId process) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
        handle.ifPresent(ProcessHandle::destroy);
        if (ended(process, patience)) {
            return Outcome.STOPPED;
        }
        handle.ifPresent(ProcessHandle::destroyForcibly);
        ended(process, patience);
        return Outcome.KILLED;
    }

    private static boolean ended(ProcessId process, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Starter.pause();
        }
        return true;
    }
}
