package dev.nightsafe.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.signing.Ed25519;
import java.util.Base64;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WitnessTest {
    private static final Ed25519.Signer KEY = new Ed25519.Signer(Ed25519.newPrivateKey());
    private static final SignedHead FIFTH = head(KEY, 5, "a");
    private static final SignedHead NINTH = head(KEY, 9, "b");

    @Test
    void a_chain_that_went_on_contradicts_nothing() {
        assertThat(Witness.contradiction(FIFTH, FIFTH, null)).isEmpty();
        assertThat(Witness.contradiction(FIFTH, NINTH, null)).isEmpty();
        assertThat(Witness.contradiction(FIFTH, NINTH, FIFTH.hash())).isEmpty();
    }

    @Test
    void a_chain_that_was_cut_off_is_noticed() {
        assertThat(Witness.contradiction(NINTH, FIFTH, null).orElseThrow()).contains("event 9", "is missing");
        assertThat(Witness.contradiction(FIFTH, FIFTH, Witness.NO_EVENT)).isPresent();
    }

    @Test
    void a_chain_that_was_set_back_and_went_on_is_noticed_by_the_hash_that_stands_there_now() {
        assertThat(Witness.contradiction(FIFTH, NINTH, "0".repeat(64)).orElseThrow())
                .contains("event 5", "is another now");
        assertThat(Witness.contradiction(FIFTH, head(KEY, 5, "other"), null)).isPresent();
    }

    @Test
    void a_chain_under_another_key_is_noticed() {
        SignedHead other = head(new Ed25519.Signer(Ed25519.newPrivateKey()), 9, "b");
        assertThat(Witness.contradiction(FIFTH, other, FIFTH.hash()).orElseThrow())
                .contains("another audit key");
    }

    @Test
    void a_head_is_one_only_under_its_own_key_and_name() {
        assertThat(FIFTH.isSignedFor("keeper/1")).isTrue();
        assertThat(FIFTH.isSignedFor("console/1")).isFalse();
        SignedHead moved = new SignedHead("keeper/1", 6, FIFTH.hash(), FIFTH.signature(), FIFTH.key());
        assertThat(moved.isSignedFor("keeper/1")).isFalse();
        for (String bad : new String[] {"", "!", Base64.getEncoder().encodeToString(new byte[32])}) {
            assertThat(new SignedHead("keeper/1", 5, FIFTH.hash(), FIFTH.signature(), bad).isSignedFor("keeper/1"))
                    .isFalse();
            assertThat(new SignedHead("keeper/1", 5, FIFTH.hash(), bad, FIFTH.key()).isSignedFor("keeper/1"))
                    .isFalse();
        }
    }

    private static SignedHead head(Ed25519.Signer key, long seq, String action) {
        AuditEvent event = new AuditEvent(null, "keeper", action, "o", "ok", new TreeMap<>());
        ChainedEvent chained = ChainedEvent.chain("keeper/1", seq, 0, event, ChainedEvent.START);
        return SignedHead.of(chained, key.sign(chained.signedMessage()), key.publicKey());
    }
}
