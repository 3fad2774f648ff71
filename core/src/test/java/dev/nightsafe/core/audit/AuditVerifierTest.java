package dev.nightsafe.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.sealing.Repeat;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditVerifierTest {
    private static final Ed25519.Signer KEY = signer();

    private record Stored(ChainedEvent event, byte @Nullable [] signature) {}

    @Test
    void a_chain_as_it_was_written_is_whole() {
        Repeat.times(50, random -> {
            List<Stored> chain = chain(random, 1 + random.nextInt(20));
            AuditVerifier.Result result = verify(chain);
            assertThat(result.isWhole()).as(result.toString()).isTrue();
            assertThat(result.events()).isEqualTo(chain.size());
            assertThat(result.head()).isEqualTo(chain.getLast().event().hash());
        });
    }

    @Test
    void an_empty_chain_is_whole_and_says_so_with_no_events() {
        assertThat(verify(List.of())).isEqualTo(new AuditVerifier.Result(0, null, null, ChainedEvent.START));
    }

    @Test
    void an_altered_event_is_found_in_every_field() {
        AuditEvent original = chain(new Random(1), 3).get(1).event().event();
        List<AuditEvent> altered = List.of(
                new AuditEvent(
                        "other",
                        original.actor(),
                        original.action(),
                        original.object(),
                        original.outcome(),
                        original.details()),
                new AuditEvent(
                        null,
                        original.actor(),
                        original.action(),
                        original.object(),
                        original.outcome(),
                        original.details()),
                new AuditEvent(
                        "w", "other", original.action(), original.object(), original.outcome(), original.details()),
                new AuditEvent(
                        "w", original.actor(), "other", original.object(), original.outcome(), original.details()),
                new AuditEvent(
                        "w", original.actor(), original.action(), "other", original.outcome(), original.details()),
                new AuditEvent(
                        "w", original.actor(), original.action(), original.object(), "other", original.details()),
                new AuditEvent(
                        "w",
                        original.actor(),
                        original.action(),
                        original.object(),
                        original.outcome(),
                        new TreeMap<>(Map.of("k", "other"))));
        for (AuditEvent event : altered) {
            List<Stored> chain = chain(new Random(1), 3);
            ChainedEvent was = chain.get(1).event();
            chain.set(
                    1,
                    new Stored(
                            new ChainedEvent(was.chain(), was.seq(), was.atMillis(), event, was.previous(), was.hash()),
                            chain.get(1).signature()));
            assertBroken(chain, 2, "altered");
        }
        List<Stored> chain = chain(new Random(1), 3);
        ChainedEvent was = chain.get(1).event();
        chain.set(
                1,
                new Stored(
                        new ChainedEvent(
                                was.chain(), was.seq(), was.atMillis() + 1, was.event(), was.previous(), was.hash()),
                        chain.get(1).signature()));
        assertBroken(chain, 2, "altered");
    }

    @Test
    void an_altered_event_with_a_new_hash_is_found_at_the_next() {
        Repeat.times(50, random -> {
            List<Stored> chain = chain(random, 10);
            int at = random.nextInt(9);
            ChainedEvent was = chain.get(at).event();
            chain.set(
                    at,
                    new Stored(
                            ChainedEvent.chain(was.chain(), was.seq(), was.atMillis() + 1, was.event(), was.previous()),
                            null));
            assertBroken(chain, at + 2, "does not follow");
        });
    }

    @Test
    void a_tail_written_anew_without_the_key_is_found() {
        List<Stored> chain = chain(new Random(1), 4);
        String previous = chain.get(1).event().hash();
        for (int i = 2; i < 4; i++) {
            ChainedEvent was = chain.get(i).event();
            ChainedEvent forged = ChainedEvent.chain(was.chain(), was.seq(), 0, was.event(), previous);
            chain.set(i, new Stored(forged, i == 3 ? signer().sign(forged.signedMessage()) : null));
            previous = forged.hash();
        }
        assertBroken(chain, 4, "signature");
    }

    @Test
    void a_removed_event_is_found() {
        Repeat.times(50, random -> {
            List<Stored> chain = chain(random, 10);
            int at = random.nextInt(9);
            chain.remove(at);
            assertBroken(chain, at + 1, "missing");
        });
    }

    @Test
    void reordered_events_are_found() {
        Repeat.times(50, random -> {
            List<Stored> chain = chain(random, 10);
            int one = random.nextInt(9);
            int other = one + 1 + random.nextInt(9 - one);
            Collections.swap(chain, one, other);
            assertBroken(chain, one + 1, "missing");
        });
    }

    @Test
    void a_repeated_event_is_found() {
        List<Stored> chain = chain(new Random(1), 3);
        chain.add(1, chain.getFirst());
        assertBroken(chain, 2, "missing");
    }

    @Test
    void an_event_of_another_chain_is_found() {
        List<Stored> chain = chain(new Random(1), 3);
        ChainedEvent was = chain.get(1).event();
        chain.set(
                1,
                new Stored(ChainedEvent.chain("keeper", was.seq(), was.atMillis(), was.event(), was.previous()), null));
        assertBroken(chain, 2, "another chain");
    }

    @Test
    void an_end_cut_off_before_a_signature_is_found() {
        List<Stored> chain = chain(new Random(1), 5);
        ChainedEvent second = chain.get(1).event();
        chain.set(1, new Stored(second, KEY.sign(second.signedMessage())));
        chain.set(2, new Stored(chain.get(2).event(), null));
        chain.set(3, new Stored(chain.get(3).event(), null));
        assertBroken(chain.subList(0, 4), 3, "no signature");
        assertThat(verify(chain.subList(0, 4)).head()).isEqualTo(second.hash());
    }

    @Test
    void an_end_cut_off_at_a_signature_is_found_by_a_head_that_was_seen() {
        List<Stored> chain = chain(new Random(1), 5);
        ChainedEvent seen = chain.getLast().event();
        ChainedEvent last = chain.get(3).event();
        chain.set(3, new Stored(last, KEY.sign(last.signedMessage())));
        assertThat(verifier().expect(5, seen.hash()))
                .satisfies(whole -> assertThat(feed(whole, chain).isWhole()).isTrue());
        AuditVerifier.Result cut = feed(verifier().expect(5, seen.hash()), chain.subList(0, 4));
        assertThat(cut.brokenAt()).isEqualTo(5);
        assertThat(cut.problem()).contains("the end is missing: event 5 was seen before");
    }

    @Test
    void a_chain_rewritten_by_whoever_has_the_key_is_found_by_a_head_that_was_seen() {
        List<Stored> chain = chain(new Random(1), 5);
        AuditVerifier.Result result = feed(verifier().expect(3, "0".repeat(64)), chain);
        assertThat(result.brokenAt()).isEqualTo(3);
        assertThat(result.problem()).contains("seen before");
    }

    @Test
    void texts_that_can_not_be_shown_or_stored_are_cleaned() {
        AuditEvent event = new AuditEvent(
                "", "a\u0000b", "\u001b[2J", "\ud800", "ok\n", new TreeMap<>(Map.of("k\r", "\udc00\ud83d\udd11ä")));
        assertThat(event.workspaceId()).isNull();
        assertThat(event.actor()).isEqualTo("a\ufffdb");
        assertThat(event.action()).isEqualTo("\ufffd[2J");
        assertThat(event.object()).isEqualTo("\ufffd");
        assertThat(event.outcome()).isEqualTo("ok\ufffd");
        assertThat(event.details()).containsExactly(Map.entry("k\ufffd", "\ufffd\ud83d\udd11ä"));
    }

    private static void assertBroken(List<Stored> chain, long at, String problem) {
        AuditVerifier.Result result = verify(chain);
        assertThat(result.isWhole()).isFalse();
        assertThat(result.brokenAt()).isEqualTo(at);
        assertThat(result.problem()).contains(problem);
    }

    private static AuditVerifier.Result verify(List<Stored> chain) {
        return feed(verifier(), chain);
    }

    private static AuditVerifier.Result feed(AuditVerifier verifier, List<Stored> chain) {
        chain.forEach(stored -> verifier.accept(stored.event(), stored.signature()));
        return verifier.finish();
    }

    private static AuditVerifier verifier() {
        return new AuditVerifier("console", KEY.publicKey());
    }

    /** Some events in commits of one or two; the last of each commit is signed. */
    private static List<Stored> chain(Random random, int length) {
        List<Stored> chain = new ArrayList<>();
        String previous = ChainedEvent.START;
        for (int seq = 1; seq <= length; seq++) {
            AuditEvent event = new AuditEvent(
                    "w",
                    "token:1",
                    "secret.deposit",
                    Repeat.text(random),
                    "ok",
                    new TreeMap<>(Map.of("k", Repeat.text(random))));
            ChainedEvent chained = ChainedEvent.chain("console", seq, 1_000L + seq, event, previous);
            boolean signed = seq == length || random.nextBoolean();
            chain.add(new Stored(chained, signed ? KEY.sign(chained.signedMessage()) : null));
            previous = chained.hash();
        }
        return chain;
    }

    private static Ed25519.Signer signer() {
        try (SecretBytes key = Ed25519.newPrivateKey()) {
            return new Ed25519.Signer(key);
        }
    }
}
