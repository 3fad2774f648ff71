package dev.nightsafe.cli.queue;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;

/** What a queue does now, and when it makes tasks by itself. */
record InspectedQueue(@JsonUnwrapped ConsoleApi.QueueActivity activity, List<ConsoleApi.Schedule> schedules) {

    static InspectedQueue of(ConsoleClient console, String name) {
        return new InspectedQueue(
                console.get(ConsoleApi.QueueActivity.class, "queues", name, "activity"),
                console.get(ConsoleApi.Queue.class, "queues", name).schedules());
    }

    void show(Output output) {
        QueueView.activity(output, activity);
        QueueView.schedules(output, schedules);
    }
}
