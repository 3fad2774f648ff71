package dev.nightsafe.keeper.audit;

import dev.nightsafe.core.audit.AuditVerifier;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.database.engine.AuditChain;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Instant;
import java.util.List;

/** The keeper's own audit chain. Thread-safe. */
public final class AuditTrail {
    private final Database database;
    private final AuditChain chain;

    public AuditTrail(Database database, AuditChain chain) {
        this.database = database;
        this.chain = chain;
    }

    /** The newest events of a workspace before this number, oldest first. */
    public List<ConsoleApi.AuditEvent> tail(String workspace, long before, int limit) {
        return database.read(handle -> chain.log().tail(handle, workspace, before, limit)).reversed().stream()
                .map(AuditTrail::view)
                .toList();
    }

    /** @param seen heads that whoever asks remembers; other chains' are passed over */
    public InternalApi.Verification verify(List<SeenHead> seen) {
        AuditVerifier.Result found = database.read(
                handle -> chain.log().verify(handle, chain.signer().publicKey(), seen));
        return new InternalApi.Verification(new ConsoleApi.ChainVerification(
                chain.name(),
                found.events(),
                found.brokenAt(),
                found.problem(),
                found.head(),
                chain.signer().publicKey().fingerprint()));
    }

    /** Events whole, for somebody who verifies the chain elsewhere. */
    public ConsoleApi.AuditPage export(long after, long fromMillis, int limit) {
        return database.read(handle -> new ConsoleApi.AuditPage(
                chain.log().read(handle, after, fromMillis, limit).stream()
                        .map(AuditLine::of)
                        .toList(),
                chain.log().head(handle, chain.signer().publicKey()).orElse(null)));
    }

    private static ConsoleApi.AuditEvent view(ChainedEvent event) {
        return new ConsoleApi.AuditEvent(
                event.chain(),
                event.seq(),
                Instant.ofEpochMilli(event.atMillis()).toString(),
                event.event().actor(),
                event.event().action(),
                event.event().object(),
                event.event().outcome(),
                event.event().details(),
                event.hash());
    }
}
