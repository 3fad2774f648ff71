package dev.nightsafe.console.audit;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.core.audit.AuditVerifier;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.engine.AuditChain;
import dev.nightsafe.database.engine.AuditLog;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Both parts' chains. A keeper that doesn't answer is an error unless only the console's chain was asked for: half an
 * answer would look like a whole one. Thread-safe.
 */
public final class AuditTrail {
    private static final String CONSOLE = "console";
    private static final String KEEPER = "keeper";
    private static final Comparator<ConsoleApi.AuditEvent> BY_TIME = Comparator.comparing(
                    (ConsoleApi.AuditEvent event) -> Instant.parse(event.at()))
            .thenComparing(ConsoleApi.AuditEvent::chain)
            .thenComparingLong(ConsoleApi.AuditEvent::seq);

    private final Database database;
    private final AuditChain chain;
    private final Keeper keeper;

    public AuditTrail(Database database, AuditChain chain, Keeper keeper) {
        this.database = database;
        this.chain = chain;
        this.keeper = keeper;
    }

    /** The newest events, newest last. */
    List<ConsoleApi.AuditEvent> tail(Scope scope, @Nullable String part, int limit) {
        List<ConsoleApi.AuditEvent> events = new ArrayList<>();
        if (includes(part, CONSOLE)) {
            database.read(handle -> ours(handle, scope, limit)).stream()
                    .map(AuditTrail::view)
                    .forEach(events::add);
        }
        if (includes(part, KEEPER)) {
            String path = "/internal/v1/audit?workspaceId=" + scope.workspaceId() + "&limit=" + limit;
            events.addAll(keeper.get(path, new TypeReference<ConsoleApi.Items<ConsoleApi.AuditEvent>>() {})
                    .items());
        }
        events.sort(BY_TIME);
        return events.subList(Math.max(0, events.size() - limit), events.size());
    }

    /** @param seen heads that whoever asks remembers */
    List<ConsoleApi.ChainVerification> verify(@Nullable String part, List<SeenHead> seen) {
        List<ConsoleApi.ChainVerification> chains = new ArrayList<>();
        if (includes(part, CONSOLE)) {
            Ed25519.PublicKey key = chain.signer().publicKey();
            AuditVerifier.Result result = database.read(handle -> chain.log().verify(handle, key, seen));
            chains.add(new ConsoleApi.ChainVerification(
                    chain.name(),
                    result.events(),
                    result.brokenAt(),
                    result.problem(),
                    result.head(),
                    key.fingerprint()));
        }
        if (includes(part, KEEPER)) {
            String path = "/internal/v1/audit/verification" + (seen.isEmpty() ? "" : "?seen=" + SeenHead.text(seen));
            chains.add(keeper.get(path, new TypeReference<InternalApi.Verification>() {})
                    .chain());
        }
        return chains;
    }

    /**
     * Events of one chain, whole. A chain holds every workspace's events, and only all of them can be verified: so this is
     * for who may read every workspace's.
     *
     * @param after only events with a higher number
     * @param fromMillis begins at the first of these that isn't older
     */
    ConsoleApi.AuditPage export(Scope scope, String part, long after, long fromMillis, int limit) {
        if (scope.caller().workspaceId() != null) {
            throw new NightsafeException(
                    ProblemCode.FORBIDDEN,
                    "an export holds every workspace's events; use a token for every workspace, or audit tail");
        }
        if (includes(part, CONSOLE)) {
            return database.read(handle -> new ConsoleApi.AuditPage(
                    chain.log().read(handle, after, fromMillis, limit).stream()
                            .map(AuditLine::of)
                            .toList(),
                    chain.log().head(handle, chain.signer().publicKey()).orElse(null)));
        }
        String query = "?after=%d&from=%d&limit=%d".formatted(after, fromMillis, limit);
        return keeper.get("/internal/v1/audit/export" + query, new TypeReference<ConsoleApi.AuditPage>() {});
    }

    /** A caller of every workspace also sees what concerns none: anonymous denials, the first start. */
    private List<ChainedEvent> ours(Handle handle, Scope scope, int limit) {
        AuditLog log = chain.log();
        return scope.caller().workspaceId() == null
                ? log.tailWithCommon(handle, scope.workspaceId(), Long.MAX_VALUE, limit)
                : log.tail(handle, scope.workspaceId(), Long.MAX_VALUE, limit);
    }

    private static boolean includes(@Nullable String asked, String part) {
        if (asked != null && !asked.equals(CONSOLE) && !asked.equals(KEEPER)) {
            throw Failures.badRequest("'chain' is console or keeper");
        }
        return asked == null || asked.equals(part);
    }

    private static ConsoleApi.AuditEvent view(ChainedEvent chained) {
        return new ConsoleApi.AuditEvent(
                chained.chain(),
                chained.seq(),
                Times.iso(chained.atMillis()),
                chained.event().actor(),
                chained.event().action(),
                chained.event().object(),
                chained.event().outcome(),
                chained.event().details(),
                chained.hash());
    }
}
