package dev.nightsafe.cli.audit;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.core.audit.AuditVerifier;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi.ChainVerification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Verifies exported chains without asking anybody: links, hashes and signatures, and every head that somebody else kept,
 * the other chain in the same file included. Not safe for use by several threads.
 */
final class OfflineVerification implements ExportFile.Visitor {
    private final ExportFile file;
    private final WitnessedHeads heads;
    private final AuditRange range;
    private final Map<String, Chain> chains = new TreeMap<>();

    /** What was found about a chain. */
    record Found(ChainVerification chain, int heads) {}

    /** A chain of the file. */
    private static final class Chain {
        private final ChainedEvent first;
        private @Nullable SignedHead end;
        private boolean goesOn;
        private ChainedEvent last;
        private @Nullable AuditVerifier verifier;
        private int heads;

        Chain(ChainedEvent first) {
            this.first = first;
            this.last = first;
        }
    }

    /** @param range of what it is said to be the export */
    OfflineVerification(ExportFile file, WitnessedHeads heads, AuditRange range) {
        this.file = file;
        this.heads = heads;
        this.range = range;
    }

    /** Reads the file twice: first for what each chain says of the other, then to verify. */
    List<Found> run() {
        file.read(this);
        if (chains.isEmpty()) {
            throw CliException.failed("there are no events in " + file.path(), null);
        }
        chains.forEach((name, chain) -> prepare(name, chain));
        file.read(new ExportFile.Visitor() {
            @Override
            public void event(SignedEvent event) {
                AuditVerifier verifier = chain(event).verifier;
                if (verifier != null) {
                    verifier.accept(event.event(), event.signature());
                }
            }

            @Override
            public void end(SignedHead end) {}
        });
        List<Found> found = new ArrayList<>();
        chains.forEach((name, chain) -> found.add(new Found(result(name, chain), chain.heads)));
        range.parts().forEach(part -> missing(part).forEach(name -> found.add(new Found(absent(name), 0))));
        return found;
    }

    /** Chains of a part that aren't in the file: those that somebody saw, or the first if there is none at all. */
    private Set<String> missing(String part) {
        Set<String> missing = new TreeSet<>(heads.chains());
        if (chains.keySet().stream().noneMatch(name -> isOf(part, name))) {
            missing.add(part + "/1");
        }
        missing.removeIf(name -> !isOf(part, name) || chains.containsKey(name));
        return missing;
    }

    private static boolean isOf(String part, String chain) {
        return chain.startsWith(part + "/");
    }

    private static ChainVerification absent(String chain) {
        return new ChainVerification(chain, 0, 1L, "no event of this chain is in the file", ChainedEvent.START, "");
    }

    @Override
    public void event(SignedEvent event) {
        Chain chain = chain(event);
        chain.goesOn |= chain.end != null;
        chain.last = event.event();
        heads.seen(event.event());
    }

    @Override
    public void end(SignedHead end) {
        Chain chain = chains.get(end.chain());
        if (chain != null) {
            chain.goesOn |= chain.end != null;
            chain.end = end;
        }
    }

    private Chain chain(SignedEvent event) {
        return chains.computeIfAbsent(event.event().chain(), _ -> new Chain(event.event()));
    }

    private void prepare(String name, Chain chain) {
        Optional<Ed25519.PublicKey> key = Optional.ofNullable(chain.end).flatMap(SignedHead::publicKey);
        if (key.isPresent() && heads.isKeyOf(name, key.get())) {
            AuditVerifier verifier = new AuditVerifier(name, key.get());
            boolean part = range.from() != null;
            chain.heads = heads.expect(name, key.get(), verifier, part ? chain.first.seq() : 1, lastExpected(chain));
            if (part) {
                verifier.startingAt(chain.first.seq(), chain.first.previous());
            }
            chain.verifier = verifier;
        }
    }

    /**
     * Heads after the file's last event say nothing about an export that goes on beyond the end of its range, as it does when the
     * chain did. One that ends before is held to everything that anybody saw: its end may have been cut off.
     */
    private long lastExpected(Chain chain) {
        Instant to = range.to();
        return to != null && chain.last.atMillis() >= to.toEpochMilli() ? chain.last.seq() : Long.MAX_VALUE;
    }

    private ChainVerification result(String name, Chain chain) {
        SignedHead end = chain.end;
        if (end == null || chain.goesOn) {
            return broken(name, chain, "the line at its end is missing or not at the end: the file was cut or mended");
        }
        if (chain.verifier == null) {
            return broken(name, chain, "it is signed by another audit key than the known one");
        }
        Instant from = range.from();
        if (from != null && chain.first.seq() > 1 && chain.first.atMillis() >= from.toEpochMilli()) {
            return broken(name, chain, "the last event before " + from + " isn't there: the beginning may be missing");
        }
        String fingerprint = end.publicKey().map(Ed25519.PublicKey::fingerprint).orElse("");
        AuditVerifier.Result result = chain.verifier.finish();
        if (result.isWhole() && !result.head().equals(end.hash())) {
            return new ChainVerification(
                    name,
                    result.events(),
                    end.seq(),
                    "the end is missing: event " + end.seq(),
                    result.head(),
                    fingerprint);
        }
        return new ChainVerification(
                name, result.events(), result.brokenAt(), result.problem(), result.head(), fingerprint);
    }

    private static ChainVerification broken(String name, Chain chain, String problem) {
        return new ChainVerification(name, 0, chain.first.seq(), problem, ChainedEvent.START, "");
    }
}
