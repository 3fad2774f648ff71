package dev.nightsafe.protocol.console;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An audit event whole, as {@code spec/audit.md} has it: with it anybody can verify the chain.
 *
 * @param at milliseconds since 1970
 * @param workspaceId null for what concerns no workspace
 * @param signature base64, null where the event has none
 */
public record AuditLine(
        String chain,
        long seq,
        long at,
        @Nullable String workspaceId,
        String actor,
        String action,
        String object,
        String outcome,
        Map<String, String> details,
        String previous,
        String hash,
        @Nullable String signature) {

    public static AuditLine of(SignedEvent signed) {
        ChainedEvent chained = signed.event();
        AuditEvent event = chained.event();
        byte[] signature = signed.signature();
        return new AuditLine(
                chained.chain(),
                chained.seq(),
                chained.atMillis(),
                event.workspaceId(),
                event.actor(),
                event.action(),
                event.object(),
                event.outcome(),
                event.details(),
                chained.previous(),
                chained.hash(),
                signature == null ? null : Base64.getEncoder().encodeToString(signature));
    }

    /** Throws {@link ProblemCode#BAD_REQUEST} when something is missing or isn't of its kind. */
    public SignedEvent event() {
        boolean complete = Stream.of(chain, actor, action, object, outcome, details, previous, hash)
                .allMatch(Objects::nonNull);
        if (!complete || details.containsValue(null)) {
            throw malformed();
        }
        AuditEvent event = new AuditEvent(workspaceId, actor, action, object, outcome, new TreeMap<>(details));
        try {
            return new SignedEvent(
                    new ChainedEvent(chain, seq, at, event, previous, hash),
                    signature == null ? null : Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static NightsafeException malformed() {
        return new NightsafeException(
                ProblemCode.BAD_REQUEST, "this is no audit event: a field is missing or malformed");
    }
}
