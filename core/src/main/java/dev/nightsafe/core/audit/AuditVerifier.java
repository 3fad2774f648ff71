package dev.nightsafe.core.audit;

import dev.nightsafe.core.signing.Ed25519;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a chain of audit events, fed in the order of their numbers, first to last, and finds the first place where one
 * was altered, removed, added or moved. A chain whose end was cut off at a signed event is found only by a head that
 * somebody else remembers: {@link #expect}. Not safe for use by several threads.
 */
public final class AuditVerifier {
    private final String chain;
    private final Ed25519.PublicKey key;
    private final TreeMap<Long, String> expected = new TreeMap<>();

    private long events;
    private long next = 1;
    private String previous = ChainedEvent.START;
    private String signedHead = ChainedEvent.START;
    private long signedSeq;
    private @Nullable Long brokenAt;
    private @Nullable String problem;

    /**
     * What was found.
     *
     * @param events how many were fed
     * @param brokenAt the number at which the chain broke first, null when it is whole
     * @param problem what is wrong there, null when it is whole
     * @param head the hash of the last signed event before the break, or of the last event
     */
    public record Result(
            long events, @Nullable Long brokenAt, @Nullable String problem, String head) {
        public boolean isWhole() {
            return brokenAt == null;
        }
    }

    /** Verifies the chain of this name, signed with this audit key. */
    public AuditVerifier(String chain, Ed25519.PublicKey key) {
        this.chain = chain;
        this.key = key;
    }

    /**
     * Says, before the first event, that the chain is looked at from this number on; what stands before it is taken as
     * it says itself.
     */
    public AuditVerifier startingAt(long seq, String before) {
        next = seq;
        previous = before;
        signedSeq = seq - 1;
        expected.headMap(seq).clear();
        return this;
    }

    /** Says, before the first event, that somebody saw the event of this number with this hash. */
    public AuditVerifier expect(long seq, String hash) {
        String other = expected.put(seq, hash);
        if (other != null && !other.equals(hash)) {
            expected.put(seq, "two hashes"); // which no event has
        }
        return this;
    }

    /** Takes the next event; {@code signature} is the audit key's, which at least the last event of all has. */
    public void accept(ChainedEvent event, byte @Nullable [] signature) {
        events++;
        if (brokenAt != null) {
            return;
        }
        String found = examine(event, signature);
        if (found != null) {
            brokenAt = next;
            problem = found;
            return;
        }
        next++;
        previous = event.hash();
        if (signature != null) {
            signedHead = event.hash();
            signedSeq = event.seq();
        }
    }

    /** What was found; events after the last signature, or a missing end, count as a break. */
    public Result finish() {
        if (brokenAt == null && signedSeq < next - 1) {
            return broken(
                    signedSeq + 1, "no signature vouches for this event: the end was removed or written by another");
        }
        Map.Entry<Long, String> last = expected.lastEntry();
        if (brokenAt == null && last != null && last.getKey() >= next) {
            return broken(next, "the end is missing: event " + last.getKey() + " was seen before");
        }
        return new Result(events, brokenAt, problem, signedHead);
    }

    private Result broken(long at, String what) {
        return new Result(events, at, what, signedHead);
    }

    private @Nullable String examine(ChainedEvent event, byte @Nullable [] signature) {
        if (!event.chain().equals(chain)) {
            return "this event belongs to another chain";
        }
        if (event.seq() != next) {
            return "event " + next + " is missing: event " + event.seq() + " stands in its place";
        }
        if (!event.previous().equals(previous)) {
            return "this event does not follow the one before it";
        }
        if (!event.isIntact()) {
            return "this event was altered: its hash is another";
        }
        if (signature != null && !key.verifies(event.signedMessage(), signature)) {
            return "this event's signature is not the audit key's";
        }
        String seen = expected.get(event.seq());
        return seen == null || seen.equals(event.hash()) ? null : "this event is not the one that was seen before";
    }
}
