package dev.nightsafe.keeper.tasks;

import dev.nightsafe.database.keeper.ServingLeases;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a poll found in the database.
 *
 * @param served of the leases that it named, those that are its runner's and current
 * @param changes {@link TaskSignals#changes} before it looked
 * @param at when it looked, milliseconds
 */
record Look(List<ServingLeases.Served> served, long changes, long at) {
    boolean isLost() {
        return served.isEmpty();
    }

    /** Whether tasks wait that may be taken. */
    boolean any() {
        return served.stream().anyMatch(ServingLeases.Served::work);
    }

    boolean isOf(String lease) {
        return served.stream().anyMatch(each -> each.id().equals(lease));
    }

    Set<String> queues() {
        return served.stream().map(ServingLeases.Served::queueId).collect(Collectors.toUnmodifiableSet());
    }
}
