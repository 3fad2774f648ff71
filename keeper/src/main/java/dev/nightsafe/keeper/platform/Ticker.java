package dev.nightsafe.keeper.platform;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs the keeper's regular work. A job that fails is logged and runs again next time. */
public final class Ticker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Ticker.class.getName());
    private static final int THREADS = 4;

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("keeper-ticker-", 0).factory());
    private final Duration every;

    /** @param every how often each job runs */
    public Ticker(Duration every) {
        this.every = every;
    }

    public void add(String name, Runnable job) {
        Runnable safe = () -> {
            try {
                job.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "{0} failed and will run again: {1}", name, e.toString());
            }
        };
        var _ = executor.scheduleWithFixedDelay(safe, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
