package dev.nightsafe.console.audit;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Ticking;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.database.audit.PeerChain;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Gives the keeper the newest head of the console's audit chain and takes the keeper's, at the start and once a minute
 * while the console runs.
 */
public final class HeadExchange extends Ticking {
    private static final System.Logger LOG = System.getLogger(HeadExchange.class.getName());
    private static final String PATH = "/internal/v1/audit/heads";
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Keeper keeper;
    private final PeerChain chain;
    private @Nullable Long doneAt;

    /** @param chain what is kept of the keeper's chain */
    public HeadExchange(Keeper keeper, PeerChain chain) {
        super("audit-heads", Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5));
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
    protected void tick() {
        Long last = doneAt;
        if (last == null || System.nanoTime() - last >= EVERY_NANOS) {
            exchange();
            doneAt = System.nanoTime();
        }
    }

    /** A keeper that is away is told of elsewhere. */
    @Override
    protected void failed(RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "exchanging heads of audit chains failed: " + e.getMessage());
    }
}
