package dev.nightsafe.keeper.audit;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.Budget;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.audit.PeerChain;
import dev.nightsafe.database.engine.AuditChain;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Heads of both parts' audit chains on their way to those who keep them: the console gets the keeper's, runners get both,
 * new ones at most once a minute. Thread-safe.
 */
public final class AuditHeads {
    private static final long EVERY_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final int MOST_KEPT = 8;
    private static final int REPORTS = 20;
    private static final int MOST_REPORTERS = 10_000;

    /** What is told instead of a hash that the runner doesn't have: no event has it. */
    private static final String ANOTHER = "0".repeat(64);

    private final AuditChain own;
    private final PeerChain console;
    private final Root root;
    private final InstantSource clock;

    /** By the runner's id; the one that reported least lately is forgotten first. */
    private final Map<String, Budget> reports = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Budget> eldest) {
            return size() > MOST_REPORTERS;
        }
    };

    private volatile List<KeeperApi.AuditHead> current = List.of();
    private volatile long lookedAt = Long.MIN_VALUE;

    /** @param console what is kept of the console's chain */
    public AuditHeads(AuditChain own, PeerChain console, Root root, InstantSource clock) {
        this.own = own;
        this.console = console;
        this.root = root;
        this.clock = clock;
    }

    /** Looks for newer heads, when the last time was a minute ago or was never. */
    public synchronized void refresh() {
        long now = clock.millis();
        if (lookedAt == Long.MIN_VALUE || now < lookedAt || now - lookedAt >= EVERY_MILLIS) {
            lookedAt = now;
            List<KeeperApi.AuditHead> heads = new ArrayList<>();
            console.own().ifPresent(head -> heads.add(certified(head)));
            console.known().ifPresent(head -> heads.add(certified(head)));
            current = List.copyOf(heads);
        }
    }

    /** Those of the newest heads that a runner doesn't have yet. */
    public List<KeeperApi.AuditHead> unknownTo(List<SeenHead> kept) {
        List<KeeperApi.AuditHead> unknown = new ArrayList<>();
        for (KeeperApi.AuditHead each : current) {
            SeenHead has = SeenHead.of(each.head().chain(), kept).orElse(null);
            if (!each.head().seen().equals(has)) {
                unknown.add(new KeeperApi.AuditHead(each.head(), each.certificate(), standing(has)));
            }
        }
        return unknown;
    }

    /** Whether what a runner has stands: all workspaces are in the chain, so nobody learns from it what they didn't have. */
    private @Nullable String standing(@Nullable SeenHead has) {
        if (has == null || !has.chain().equals(own.name())) {
            return null;
        }
        String now = console.hashAt(has.seq());
        return now == null || now.isEmpty() || now.equals(has.hash()) ? now : ANOTHER;
    }

    /** What a runner says that it keeps. Throws {@link ProblemCode#BAD_REQUEST}. */
    public static List<SeenHead> kept(@Nullable List<SeenHead> heads) {
        List<SeenHead> kept = heads == null ? List.of() : heads;
        if (kept.size() > MOST_KEPT || kept.stream().anyMatch(head -> head == null || head.chain() == null)) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "'heads' must be a list of at most " + MOST_KEPT + " heads of chains");
        }
        return kept;
    }

    /** What a runner found wrong with a chain goes into the audit once. */
    public void report(Transaction transaction, Runners.Row runner, @Nullable String problem) {
        if (problem != null && !problem.equals(runner.auditProblem()) && mayReport(runner.id())) {
            transaction.audit(new AuditEvent(
                    runner.workspaceId(),
                    "runner:" + runner.id(),
                    Witness.CONTRADICTED,
                    "runner:" + runner.id(),
                    ProblemCode.ROLLED_BACK.code(),
                    new TreeMap<>(Map.of("problem", problem))));
        }
    }

    private boolean mayReport(String runner) {
        synchronized (reports) {
            return reports.computeIfAbsent(runner, _ -> new Budget(REPORTS, clock))
                            .take()
                    >= 0;
        }
    }

    /** The keeper's head, for the console, which asks for what stands at a number. */
    public InternalApi.ToldHead tell(long at) {
        return new InternalApi.ToldHead(
                console.own().orElse(null),
                at == 0 ? null : console.hashAt(at),
                console.known().map(SignedHead::seen).orElse(null));
    }

    /** Takes the console's head. */
    public InternalApi.Count take(InternalApi.TellHead told) {
        SignedHead head = Encoded.required("head", told.head());
        Encoded.required("chain", head.chain());
        Encoded.text("hash", head.hash(), 64);
        Encoded.text("signature", head.signature(), 100);
        Encoded.text("key", head.key(), 100);
        console.take(head, told.standing());
        return new InternalApi.Count(1);
    }

    /** Why the console's chain isn't the one that was seen; null for nothing. */
    public @Nullable String problem() {
        return console.contradiction().orElse(null);
    }

    private KeeperApi.AuditHead certified(SignedHead head) {
        return new KeeperApi.AuditHead(head, root.sign(SignedMessages.auditKey(head.chain(), head.key())), null);
    }
}
