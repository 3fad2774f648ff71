package dev.nightsafe.core.audit;

import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;

/**
 * An audit event in its place in a chain: {@code hash} is SHA-256 over the event, its number and the hash before it, so
 * that none can be altered, removed or moved unseen. Specified in {@code spec/audit.md}.
 *
 * @param seq from 1, without gaps
 * @param atMillis milliseconds since 1970
 * @param previous hash of the event before, 64 zeros for the first
 * @param hash 64 hex digits
 */
public record ChainedEvent(String chain, long seq, long atMillis, AuditEvent event, String previous, String hash) {
    /** What the first event has for {@code previous}. */
    public static final String START = "0".repeat(64);

    /** Puts an event at its place. */
    public static ChainedEvent chain(String chain, long seq, long atMillis, AuditEvent event, String previous) {
        return new ChainedEvent(chain, seq, atMillis, event, previous, hash(chain, seq, atMillis, event, previous));
    }

    /** True when the hash is right for what stands here. */
    public boolean isIntact() {
        return hash.equals(hash(chain, seq, atMillis, event, previous));
    }

    /** What the process's audit key signs on the last event of each commit. */
    public byte[] signedMessage() {
        return SignedHead.message(chain, seq, hash);
    }

    private static String hash(String chain, long seq, long atMillis, AuditEvent event, String previous) {
        Message message = Message.of("nightsafe/audit/1")
                .add(chain)
                .add(seq)
                .add(atMillis)
                .add(event.workspaceId() == null ? "" : event.workspaceId())
                .add(event.actor())
                .add(event.action())
                .add(event.object())
                .add(event.outcome())
                .add(event.details().size());
        event.details().forEach((name, value) -> message.add(name).add(value));
        return Digests.sha256Hex(message.add(previous).bytes());
    }
}
