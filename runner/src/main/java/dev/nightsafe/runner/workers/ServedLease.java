package dev.nightsafe.runner.workers;

import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What tasks under one serving lease need, whichever of its workers does them.
 *
 * @param genuine checks a task lease's signature
 * @param commit what its workers run, for the tasks' record
 * @param permitted how much of what the program says may leave
 */
record ServedLease(
        String id,
        Predicate<KeeperApi.TaskLease> genuine,
        @Nullable String commit,
        Disclosure permitted) {}
