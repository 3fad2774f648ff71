package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.core.audit.AuditVerifier;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.keeper.KeptHead;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What others saw of the chains that are to be verified: runners in their files, earlier verifications, and each chain in
 * the other. Not safe for use by several threads.
 */
final class WitnessedHeads {
    /** @param key the audit key that it was seen with, "" for whichever the chain has */
    private record Head(long seq, String hash, String key) {}

    private final Map<String, Set<String>> vouched;
    private final Map<String, Set<String>> keys = new HashMap<>();
    private final Map<String, String> verified = new HashMap<>();
    private final Map<String, List<Head>> heads = new HashMap<>();

    /** @param vouched fingerprints of audit keys that somebody vouches for, by part */
    WitnessedHeads(Map<String, Set<String>> vouched) {
        this.vouched = Map.copyOf(vouched);
    }

    /** What an earlier verification on this machine left. */
    void add(String chain, KnownHeads.Head known) {
        key(chain, known.auditKey());
        verified.put(chain, known.auditKey());
        add(chain, known.events(), known.head(), known.auditKey());
    }

    /** A runner's file; the runner held the audit keys against the root that it pinned. */
    void addRunners(Path path) {
        ExportFile file = new ExportFile(path);
        file.records(KeptHead.class, (number, line) -> {
            SignedHead head = file.complete(line.head(), number);
            if (!head.isSignedFor(head.chain())) {
                throw CliException.failed("line " + number + " of " + path + " is no signed head", null);
            }
            if (line.contradicts() == null) {
                key(head.chain(), head.publicKey().orElseThrow().fingerprint());
            }
            add(head.chain(), head.seq(), head.hash(), "");
        });
    }

    /** Takes note of what an event says of the other chain. */
    void seen(ChainedEvent event) {
        Witness.seen(event.event().action(), event.event().details())
                .ifPresent(head -> add(head.chain(), head.seq(), head.hash(), ""));
    }

    /** Those that somebody saw. */
    Set<String> chains() {
        Set<String> seen = new HashSet<>(heads.keySet());
        seen.addAll(keys.keySet());
        return seen;
    }

    /**
     * True when somebody vouches that this is the chain's key. Where it was verified before, no runner's file says that it is
     * another one. Throws when nobody says which it is.
     */
    boolean isKeyOf(String chain, Ed25519.PublicKey key) {
        String before = verified.get(chain);
        Set<String> known = new HashSet<>(before == null ? keys.getOrDefault(chain, Set.of()) : Set.of(before));
        String part = chain.substring(0, Math.max(0, chain.indexOf('/')));
        known.addAll(vouched.getOrDefault(part, Set.of()));
        if (known.isEmpty()) {
            throw CliException.usage(
                    "nobody here knows the audit key of chain " + chain + "; the file says " + key.fingerprint(),
                    "compare that with what 'nightsafe -o json audit verify' shows, then give it: --key " + part + "="
                            + key.fingerprint());
        }
        return known.contains(key.fingerprint());
    }

    /** Makes the verifier look for the heads of a chain from a number to another; how many they are. */
    int expect(String chain, Ed25519.PublicKey key, AuditVerifier verifier, long from, long to) {
        List<Head> of = heads.getOrDefault(chain, List.of()).stream()
                .filter(head -> head.seq() >= from && head.seq() <= to)
                .filter(head -> head.key().isEmpty() || head.key().equals(key.fingerprint()))
                .distinct()
                .toList();
        of.forEach(head -> verifier.expect(head.seq(), head.hash()));
        return of.size();
    }

    private void add(String chain, long seq, String hash, String key) {
        heads.computeIfAbsent(chain, _ -> new ArrayList<>()).add(new Head(seq, hash, key));
    }

    private void key(String chain, String fingerprint) {
        keys.computeIfAbsent(chain, _ -> new HashSet<>()).add(fingerprint);
    }
}
