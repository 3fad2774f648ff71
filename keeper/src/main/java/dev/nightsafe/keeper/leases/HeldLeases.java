package dev.nightsafe.keeper.leases;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a runner says of the leases that it holds. */
final class HeldLeases {
    private static final Set<String> STATES = Set.of("starting", "ready", "degraded", "refused");
    private static final int MOST_HELD = 10_000;
    private static final int LONGEST_DETAIL = 2000;

    private HeldLeases() {}

    /** By the leases' ids; throws {@code BAD_REQUEST} for a list that isn't one. */
    static Map<String, KeeperApi.HeldLease> checked(@Nullable List<KeeperApi.HeldLease> held) {
        if (held == null || held.size() > MOST_HELD) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'held' must be a list of at most " + MOST_HELD);
        }
        Map<String, KeeperApi.HeldLease> byLease = new HashMap<>();
        for (KeeperApi.HeldLease lease : held) {
            if (lease == null || lease.leaseId() == null || !STATES.contains(String.valueOf(lease.state()))) {
                throw new NightsafeException(
                        ProblemCode.BAD_REQUEST,
                        "'held' has leases with a state: starting, ready, degraded or refused");
            }
            byLease.put(lease.leaseId(), cut(lease));
        }
        return byLease;
    }

    /** A refused poll would end all of the runner's leases; a detail may hold words that a worker chose. */
    private static KeeperApi.HeldLease cut(KeeperApi.HeldLease lease) {
        String detail = lease.detail();
        return detail == null || detail.length() <= LONGEST_DETAIL
                ? lease
                : new KeeperApi.HeldLease(
                        lease.leaseId(),
                        lease.state(),
                        detail.substring(0, LONGEST_DETAIL - 1) + "…",
                        lease.restarted());
    }
}
