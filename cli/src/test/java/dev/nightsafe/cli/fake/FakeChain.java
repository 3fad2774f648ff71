package dev.nightsafe.cli.fake;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chains of three events each, a day apart, the last two of them in one commit. */
final class FakeChain {
    private static final Ed25519.Signer KEY = FakeConsole.signer((byte) 9);
    private static final Pattern NUMBER = Pattern.compile("(after|from)=([0-9]+)");

    private FakeChain() {}

    static Answer page(String query) {
        return page(query, events(query.contains("chain=console") ? "console/1" : "keeper/1"));
    }

    /**
     * Chains that are written while they are exported: the console's fourth event names the keeper's fourth, which isn't there
     * when the keeper is asked first, and the keeper's fifth names an event of the console's that comes later still.
     *
     * @param asked how often the keeper's was asked for before
     */
    static Answer growing(String query, int asked) {
        List<SignedEvent> keeper = events("keeper/1");
        add(keeper, "step.4", Map.of());
        if (query.contains("chain=console")) {
            List<SignedEvent> console = events("console/1");
            add(console, Witness.SEEN, seen(keeper.getLast().event()));
            return page(query, console);
        }
        add(keeper, Witness.SEEN, Map.of("chain", "console/1", "seq", "5", "hash", "ab".repeat(32)));
        return page(query, asked == 0 ? keeper.subList(0, 3) : keeper);
    }

    private static Map<String, String> seen(ChainedEvent head) {
        return Map.of("chain", head.chain(), "seq", Long.toString(head.seq()), "hash", head.hash());
    }

    private static void add(List<SignedEvent> events, String action, Map<String, String> details) {
        ChainedEvent last = events.getLast().event();
        AuditEvent event = new AuditEvent("w", "token:t-1", action, "vault:v", "ok", new TreeMap<>(details));
        ChainedEvent chained =
                ChainedEvent.chain(last.chain(), last.seq() + 1, last.atMillis() + 1000, event, last.hash());
        events.add(new SignedEvent(chained, KEY.sign(chained.signedMessage())));
    }

    private static Answer page(String query, List<SignedEvent> events) {
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
