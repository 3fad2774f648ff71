package dev.nightsafe.core.audit;

import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.core.signing.Message;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A chain's signed event, for those who keep it elsewhere: from then on nobody can cut the chain off before it, or write
 * it anew, unseen.
 *
 * @param seq the event's number
 * @param hash the event's hash
 * @param signature the audit key's over chain, number and hash; base64
 * @param key the audit key, base64
 */
public record SignedHead(String chain, long seq, String hash, String signature, String key) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** An event of a chain that this key signed. */
    public static SignedHead of(ChainedEvent event, byte[] signature, Ed25519.PublicKey key) {
        return new SignedHead(event.chain(), event.seq(), event.hash(), encode(signature), encode(key.encoded()));
    }

    /** What an audit key signs. */
    static byte[] message(String chain, long seq, String hash) {
        return Message.of("nightsafe/audit-head/1")
                .add(chain)
                .add(seq)
                .add(hash)
                .bytes();
    }

    /** Without its proof. */
    public SeenHead seen() {
        return new SeenHead(chain, seq, hash);
    }

    /** The audit key; empty when these aren't the bytes of one. */
    public Optional<Ed25519.PublicKey> publicKey() {
        try {
            return Optional.of(new Ed25519.PublicKey(Base64.getDecoder().decode(key)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** True when it is the head of a chain of this name, signed by the key that it names. Whose that is it doesn't say. */
    public boolean isSignedFor(String name) {
        return chain.equals(name)
                && seq > 0
                && HASH.matcher(hash).matches()
                && publicKey().filter(this::isSignedBy).isPresent();
    }

    private boolean isSignedBy(Ed25519.PublicKey signer) {
        try {
            return signer.verifies(
                    message(chain, seq, hash), Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
