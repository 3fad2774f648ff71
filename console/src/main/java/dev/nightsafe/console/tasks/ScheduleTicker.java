package dev.nightsafe.console.tasks;

import dev.nightsafe.core.problem.NightsafeException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Looks once a second whether the time of a schedule has come, while the console runs. */
public final class ScheduleTicker implements SmartLifecycle {
    private static final System.Logger LOG = System.getLogger(ScheduleTicker.class.getName());

    private final ScheduledTasks tasks;
    private volatile @Nullable ScheduledExecutorService executor;

    public ScheduleTicker(ScheduledTasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("schedules").factory());
        executor = started;
        var _ = started.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            tasks.submitDue();
        } catch (RuntimeException e) {
            // An exception would end the ticking; the next one may go better.
            // Its kind alone: a message may quote what somebody wrote into a queue.
            LOG.log(System.Logger.Level.WARNING, "looking for schedules that are due failed: {0}", kind(e));
        }
    }

    private static String kind(RuntimeException e) {
        return e instanceof NightsafeException known
                ? known.code().code()
                : e.getClass().getName();
    }

    @Override
    public void stop() {
        ScheduledExecutorService running = executor;
        executor = null;
        if (running != null) {
            running.shutdownNow();
            try {
                if (!running.awaitTermination(5, TimeUnit.SECONDS)) {
                    LOG.log(System.Logger.Level.WARNING, "a schedule is still being looked at");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return executor != null;
    }
}
