package dev.nightsafe.console.platform;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * What looks again and again whether there is something to do, on one thread of its own, while the console runs. A tick
 * that fails ends nothing: the next one may go better. Thread-safe.
 */
public abstract class Ticking implements SmartLifecycle {
    private static final System.Logger LOG = System.getLogger(Ticking.class.getName());

    private final String name;
    private final Duration first;
    private final Duration pause;
    private final Duration patience;
    private volatile @Nullable ScheduledExecutorService executor;

    /**
     * @param first from the start to the first tick
     * @param pause from the end of a tick to the next
     * @param patience how long stopping waits for a tick, which is interrupted
     */
    protected Ticking(String name, Duration first, Duration pause, Duration patience) {
        this.name = name;
        this.first = first;
        this.pause = pause;
        this.patience = patience;
    }

    /** Looks once; never twice at the same time. */
    protected abstract void tick() throws InterruptedException;

    /** Says that a tick failed. */
    protected abstract void failed(RuntimeException e);

    /** Ticks once more, as soon as the tick that is under way is over. Does nothing while the console doesn't run. */
    protected final void tickSoon() {
        ScheduledExecutorService running = executor;
        if (running != null) {
            running.execute(this::tryTick);
        }
    }

    @Override
    public final void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
        executor = started;
        var _ = started.scheduleWithFixedDelay(
                this::tryTick, first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tryTick() {
        try {
            tick();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the console stops
        } catch (RuntimeException e) {
            failed(e); // thrown on, it would end the ticking
        }
    }

    @Override
    public final void stop() {
        ScheduledExecutorService running = executor;
        executor = null;
        if (running != null) {
            running.shutdownNow();
            try {
                if (!running.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.log(System.Logger.Level.WARNING, "{0}: still at work when the console stopped", name);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public final boolean isRunning() {
        return executor != null;
    }
}
