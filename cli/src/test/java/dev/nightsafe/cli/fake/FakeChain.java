package dev.nightsafe.cli.fake;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chains of three events each, a day apart, the last two of them in one commit. */
final class FakeChain {
    private static final Ed25519.Signer KEY = FakeConsole.signer((byte) 9);
    private static final Pattern NUMBER = Pattern.compile("(after|from)=([0-9]+)");

    private FakeChain() {}

    static Answer page(String query) {
        List<SignedEvent> events = events(query.contains("chain=console") ? "console/1" : "keeper/1");
        SignedEvent last = events.getLast();
        return Answer.ok(new ConsoleApi.AuditPage(
                events.stream()
                        .filter(event -> event.event().seq() > number(query, "after"))
                        .filter(event -> event.event().atMillis() >= number(query, "from"))
                        .limit(2)
                        .map(AuditLine::of)
                        .toList(),
                SignedHead.of(last.event(), KEY.sign(last.event().signedMessage()), KEY.publicKey())));
    }

    private static List<SignedEvent> events(String chain) {
        List<SignedEvent> events = new ArrayList<>();
        String previous = ChainedEvent.START;
        for (int seq = 1; seq <= 3; seq++) {
            long at = Instant.parse("2026-11-2" + seq + "T10:00:00Z").toEpochMilli();
            AuditEvent event = new AuditEvent("w", "token:t-1", "step." + seq, "vault:v", "ok", new TreeMap<>());
            ChainedEvent chained = ChainedEvent.chain(chain, seq, at, event, previous);
            previous = chained.hash();
            events.add(new SignedEvent(chained, seq == 2 ? null : KEY.sign(chained.signedMessage())));
        }
        return events;
    }

    private static long number(String query, String name) {
        Matcher matcher = NUMBER.matcher(query);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Long.parseLong(matcher.group(2));
            }
        }
        return 0;
    }
}
