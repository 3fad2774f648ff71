package dev.nightsafe.runner.workers;

import dev.nightsafe.runner.isolation.Isolation;
import dev.nightsafe.runner.local.RunnerConfig;
import dev.nightsafe.runner.outbound.KnownValues;
import dev.nightsafe.runner.outbound.Outbound;
import dev.nightsafe.runner.process.BaseEnvironment;
import dev.nightsafe.runner.process.Spawner;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What all queues of this runner share.
 *
 * @param workersFolder where code and workers live
 * @param uv the fast installer, null when it isn't there
 */
public record Machine(
        RunnerConfig config,
        Path workersFolder,
        Isolation isolation,
        Spawner spawner,
        BaseEnvironment environment,
        KnownValues known,
        Outbound outbound,
        TaskPoll tasks,
        Timings timings,
        @Nullable Path uv) {}
