package dev.nightsafe.runner.isolation;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.runner.local.RunnerConfig;

/** Chooses how workers are isolated: as {@code runner.yaml} says, or as strongly as the machine can. */
public final class Isolations {
    private Isolations() {}

    /** Throws when nothing is written and the machine offers nothing. */
    public static Isolation choose(RunnerConfig config) {
        if ("none".equals(config.isolation())) {
            return new Unconfined(config.folder());
        }
        throw new NightsafeException(
                ProblemCode.BAD_REQUEST,
                "this machine can't isolate workers; install bubblewrap, or write 'isolation: none' in runner.yaml"
                        + " if workers may reach what the runner can");
    }
}
