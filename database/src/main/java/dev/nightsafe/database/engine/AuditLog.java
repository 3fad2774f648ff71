package dev.nightsafe.database.engine;

import dev.nightsafe.core.audit.AuditVerifier;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.audit.SignedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.signing.Ed25519;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads one audit chain. Stateless. */
public final class AuditLog {
    private static final int PAGE = 1000;

    private final String chain;

    /** @param chain its name, see {@link AuditChain#name} */
    public AuditLog(String chain) {
        this.chain = chain;
    }

    /**
     * The latest events, newest first.
     *
     * @param workspaceId only this workspace's, or null for all
     * @param beforeSeq only events with a lower number; {@link Long#MAX_VALUE} to begin with
     */
    public List<ChainedEvent> tail(Handle handle, @Nullable String workspaceId, long beforeSeq, int limit) {
        return tail(
                handle, workspaceId == null ? "" : " AND workspace_id = :workspaceId", workspaceId, beforeSeq, limit);
    }

    /** As {@link #tail}, for one workspace and what concerns none. */
    public List<ChainedEvent> tailWithCommon(Handle handle, String workspaceId, long beforeSeq, int limit) {
        String either = " AND (workspace_id = :workspaceId OR workspace_id IS NULL)";
        return tail(handle, either, workspaceId, beforeSeq, limit);
    }

    private List<ChainedEvent> tail(
            Handle handle, String condition, @Nullable String workspaceId, long beforeSeq, int limit) {
        return handle.createQuery(
                        "SELECT " + AuditRow.COLUMNS + " FROM audit_event WHERE chain = :chain AND seq < :beforeSeq"
                                + condition + " ORDER BY seq DESC LIMIT :limit")
                .bind("chain", chain)
                .bind("beforeSeq", beforeSeq)
                .bind("workspaceId", workspaceId)
                .bind("limit", limit)
                .map((row, context) -> AuditRow.read(row))
                .map(AuditRow::event)
                .list();
    }

    /** Feeds every event with its signature, oldest first, holding one page in memory at a time. */
    public void forEach(Handle handle, BiConsumer<ChainedEvent, byte @Nullable []> consumer) {
        long after = Long.MIN_VALUE;
        List<AuditRow> page;
        do {
            page = page(handle, after, PAGE);
            for (AuditRow row : page) {
                consumer.accept(row.event(), row.signature());
                after = row.event().seq();
            }
        } while (page.size() == PAGE);
    }

    /** Verifies the whole chain, from its first event to the last that this handle sees. */
    public AuditVerifier.Result verify(Handle handle, Ed25519.PublicKey key) {
        return verify(handle, key, List.of());
    }

    /** As {@link #verify(Handle, Ed25519.PublicKey)}, by somebody who saw these heads before. */
    public AuditVerifier.Result verify(Handle handle, Ed25519.PublicKey key, List<SeenHead> seen) {
        AuditVerifier verifier = new AuditVerifier(chain, key);
        SeenHead.of(chain, seen).ifPresent(head -> verifier.expect(head.seq(), head.hash()));
        forEach(handle, verifier::accept);
        return verifier.finish();
    }

    /**
     * Events in the order of their numbers.
     *
     * @param afterSeq only events with a higher number
     * @param fromMillis begins at the first of these that isn't older
     */
    public List<SignedEvent> read(Handle handle, long afterSeq, long fromMillis, int limit) {
        Optional<Long> first = handle.createQuery(
                        "SELECT seq FROM audit_event WHERE chain = :chain AND seq > :after AND at >= :from"
                                + " ORDER BY seq LIMIT 1")
                .bind("chain", chain)
                .bind("after", afterSeq)
                .bind("from", fromMillis)
                .mapTo(Long.class)
                .findOne();
        return first.map(seq -> page(handle, seq - 1, limit).stream()
                        .map(AuditRow::signed)
                        .toList())
                .orElse(List.of());
    }

    /** The last signed event, if there is one. */
    public Optional<SignedHead> head(Handle handle, Ed25519.PublicKey key) {
        return signed(handle, key, "ORDER BY seq DESC");
    }

    /** The first signed event that vouches for all events but those of one action that may follow. */
    public Optional<SignedHead> headBesides(Handle handle, Ed25519.PublicKey key, String action) {
        return handle.createQuery("SELECT seq FROM audit_event WHERE chain = :chain AND action <> :action"
                        + " ORDER BY seq DESC LIMIT 1")
                .bind("chain", chain)
                .bind("action", action)
                .mapTo(Long.class)
                .findOne()
                .flatMap(last -> signed(handle, key, "AND seq >= " + last + " ORDER BY seq"));
    }

    private Optional<SignedHead> signed(Handle handle, Ed25519.PublicKey key, String which) {
        return handle.createQuery("SELECT " + AuditRow.COLUMNS
                        + " FROM audit_event WHERE chain = :chain AND signature IS NOT NULL " + which + " LIMIT 1")
                .bind("chain", chain)
                .map((row, context) -> AuditRow.read(row))
                .findOne()
                .map(row -> SignedHead.of(row.event(), Objects.requireNonNull(row.signature()), key));
    }

    /** The hash of the event of this number, if there is one. */
    public Optional<String> hashAt(Handle handle, long seq) {
        return handle.createQuery("SELECT hash FROM audit_event WHERE chain = :chain AND seq = :seq")
                .bind("chain", chain)
                .bind("seq", seq)
                .mapTo(String.class)
                .findOne();
    }

    /** The last event with its signature, null when there is none. */
    @Nullable
    AuditRow last(Handle handle) {
        return handle.createQuery("SELECT " + AuditRow.COLUMNS
                        + " FROM audit_event WHERE chain = :chain ORDER BY seq DESC LIMIT 1")
                .bind("chain", chain)
                .map((row, context) -> AuditRow.read(row))
                .findOne()
                .orElse(null);
    }

    private List<AuditRow> page(Handle handle, long after, int limit) {
        return handle.createQuery("SELECT " + AuditRow.COLUMNS
                        + " FROM audit_event WHERE chain = :chain AND seq > :after ORDER BY seq LIMIT :limit")
                .bind("chain", chain)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> AuditRow.read(row))
                .list();
    }
}
