package dev.nightsafe.console.tasks;

import dev.nightsafe.console.platform.Ticking;
import dev.nightsafe.core.problem.NightsafeException;
import java.time.Duration;

/** Looks once a second whether the time of a schedule has come, while the console runs. */
public final class ScheduleTicker extends Ticking {
    private static final System.Logger LOG = System.getLogger(ScheduleTicker.class.getName());

    private final ScheduledTasks tasks;

    public ScheduleTicker(ScheduledTasks tasks) {
        super("schedules", Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5));
        this.tasks = tasks;
    }

    @Override
    protected void tick() {
        tasks.submitDue();
    }

    /** Its kind alone: a message may quote what somebody wrote into a queue. */
    @Override
    protected void failed(RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "looking for schedules that are due failed: {0}", kind(e));
    }

    private static String kind(RuntimeException e) {
        return e instanceof NightsafeException known
                ? known.code().code()
                : e.getClass().getName();
    }
}
