package dev.nightsafe.console.audit;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.database.audit.PeerChain;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.type.TypeReference;

/**
 * Gives the keeper the newest head of the console's audit chain and takes the keeper's, at the start and once a minute
 * while the console runs.
 */
public final class HeadExchange implements SmartLifecycle {
    private static final System.Logger LOG = System.getLogger(HeadExchange.class.getName());
    private static final String PATH = "/internal/v1/audit/heads";
    private static final long LOOK_SECS = 2;
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Keeper keeper;
    private final PeerChain chain;
    private volatile @Nullable ScheduledExecutorService executor;
    private @Nullable Long doneAt;

    /** @param chain what is kept of the keeper's chain */
    public HeadExchange(Keeper keeper, PeerChain chain) {
        this.keeper = keeper;
        this.chain = chain;
    }

    /**
     * Does it now. What each has now at the number that the other knew says whether its chain was set back and went on.
     *
     * @throws NightsafeException when the keeper can't be reached, or told what can't be
     */
    public synchronized void exchange() {
        Optional<SignedHead> known = chain.known();
        String query = known.map(head -> "?at=" + head.seq()).orElse("");
        InternalApi.ToldHead told = keeper.get(PATH + query, new TypeReference<>() {});
        if (told.head() != null) {
            chain.take(told.head(), told.standing());
        }
        String standing =
                told.known() == null ? null : chain.hashAt(told.known().seq());
        chain.own()
                .ifPresent(own -> keeper.post(
                        PATH, new InternalApi.TellHead(own, standing), new TypeReference<InternalApi.Count>() {}));
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("audit-heads").factory());
        executor = started;
        var _ = started.scheduleWithFixedDelay(this::tick, 1, LOOK_SECS, TimeUnit.SECONDS);
    }

    private void tick() {
        Long last = doneAt;
        if (last != null && System.nanoTime() - last < EVERY_NANOS) {
            return;
        }
        try {
            exchange();
            doneAt = System.nanoTime();
        } catch (RuntimeException e) {
            // The next one may go better; a keeper that is away is told of elsewhere.
            LOG.log(System.Logger.Level.DEBUG, "exchanging heads of audit chains failed: " + e.getMessage());
        }
    }

    @Override
    public void stop() {
        ScheduledExecutorService running = executor;
        executor = null;
        if (running != null) {
            running.shutdownNow();
            try {
                if (!running.awaitTermination(5, TimeUnit.SECONDS)) {
                    LOG.log(System.Logger.Level.WARNING, "heads of audit chains are still being exchanged");
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
