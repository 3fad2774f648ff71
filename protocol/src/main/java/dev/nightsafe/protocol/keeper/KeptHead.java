package dev.nightsafe.protocol.keeper;

import dev.nightsafe.core.audit.SignedHead;
import org.jspecify.annotations.Nullable;

/**
 * A line of a runner's {@code heads.jsonl}.
 *
 * @param time when it was seen, ISO 8601
 * @param contradicts what it contradicts of what was kept before; null for nothing
 */
public record KeptHead(
        String time,
        String chain,
        long seq,
        String hash,
        String signature,
        String key,
        @Nullable String contradicts) {
    public static KeptHead of(String time, SignedHead head, @Nullable String contradicts) {
        return new KeptHead(time, head.chain(), head.seq(), head.hash(), head.signature(), head.key(), contradicts);
    }

    public SignedHead head() {
        return new SignedHead(chain, seq, hash, signature, key);
    }
}
