package dev.nightsafe.cli.audit;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.AuditEnd;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeptHead;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A chain as a part writes it, one event a commit, and as it is exported. */
final class ExportedChain {
    private static final long START = 1_795_000_000_000L;

    final String name;
    final Ed25519.Signer key;
    final List<SignedEvent> events = new ArrayList<>();

    ExportedChain(String name, Ed25519.Signer key) {
        this.name = name;
        this.key = key;
    }

    /** One with the first events of this one. */
    ExportedChain upTo(int events) {
        ExportedChain copy = new ExportedChain(name, key);
        copy.events.addAll(this.events.subList(0, events));
        return copy;
    }

    /** When the event of this number happened. */
    static Instant at(long seq) {
        return Instant.ofEpochMilli(START + seq * 1000);
    }

    ExportedChain add(String action) {
        return add(action, Map.of());
    }

    /** Says in this chain what was seen of another. */
    ExportedChain see(ExportedChain other) {
        SignedHead head = other.head();
        return add(Witness.SEEN, Map.of("chain", head.chain(), "seq", Long.toString(head.seq()), "hash", head.hash()));
    }

    private ExportedChain add(String action, Map<String, String> details) {
        long seq = events.size() + 1L;
        ChainedEvent event = ChainedEvent.chain(
                name,
                seq,
                at(seq).toEpochMilli(),
                new AuditEvent(null, "token:t", action, "vault:v", "ok", new TreeMap<>(details)),
                events.isEmpty() ? ChainedEvent.START : events.getLast().event().hash());
        events.add(new SignedEvent(event, key.sign(event.signedMessage())));
        return this;
    }

    SignedHead head() {
        return SignedHead.of(
                events.getLast().event(),
                java.util.Objects.requireNonNull(events.getLast().signature()),
                key.publicKey());
    }

    /** As 'audit export' writes it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        events.forEach(event -> lines.add(text(AuditLine.of(event))));
        lines.add(text(new AuditEnd(head())));
        return lines;
    }

    /** As a runner keeps it. */
    String keptByARunner() {
        return text(KeptHead.of("2026-11-22T10:00:00Z", head(), null));
    }

    static String text(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }
}
