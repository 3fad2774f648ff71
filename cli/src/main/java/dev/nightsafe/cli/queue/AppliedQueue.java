package dev.nightsafe.cli.queue;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.protocol.console.ConsoleApi;
import org.jspecify.annotations.Nullable;

/**
 * A queue that was applied, and what its tasks lack after that.
 *
 * @param check null when it couldn't be checked, which doesn't undo the applying
 * @param unchecked why
 */
record AppliedQueue(
        @JsonUnwrapped ConsoleApi.QueueApplied applied,
        ConsoleApi.@Nullable QueueCheck check,
        @Nullable String unchecked) {

    static AppliedQueue apply(ConsoleClient console, QueueDefinition queue) {
        ConsoleApi.QueueApplied applied =
                console.put(queue.definition(), ConsoleApi.QueueApplied.class, "queues", queue.name());
        try {
            return new AppliedQueue(
                    applied, console.get(ConsoleApi.QueueCheck.class, "queues", queue.name(), "check"), null);
        } catch (NightsafeException e) {
            return new AppliedQueue(applied, null, e.getMessage());
        }
    }

    void show(Output output) {
        QueueView.applied(output, applied);
        if (check != null) {
            CheckView.lacking(output, check);
        } else {
            output.terminal().warn("what its tasks need couldn't be checked: " + unchecked);
        }
    }
}
