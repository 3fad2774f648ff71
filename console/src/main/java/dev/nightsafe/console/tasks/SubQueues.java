package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.core.queue.QueueDefinition.SubQueue;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which lane of a queue a task goes to. */
final class SubQueues {
    private static final String DEFAULT = "default";

    private SubQueues() {}

    /** The one asked for; when none is, the only one or the one called {@code default}. */
    static SubQueue choose(QueueDefinition queue, @Nullable String asked) {
        List<SubQueue> lanes = queue.subQueues();
        if (asked == null && lanes.size() == 1) {
            return lanes.getFirst();
        }
        String name = asked == null ? DEFAULT : asked;
        Optional<SubQueue> found =
                lanes.stream().filter(lane -> lane.name().equals(name)).findFirst();
        return found.orElseThrow(() -> Failures.badRequest("queue '" + queue.name() + "' has the sub-queues "
                + lanes.stream().map(SubQueue::name).collect(Collectors.joining(", ")) + "; name one of them"));
    }
}
