package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.list;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.text;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.AuditVerifier;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Audit chains: whole ones, and broken ones with the place where they broke. */
final class AuditVectors {
    private static final String CHAIN = "console/1";

    private AuditVectors() {}

    static Map<String, @Nullable Object> make() {
        Ed25519.Signer key = signer("audit key");
        List<Map<String, @Nullable Object>> chains = new ArrayList<>();
        chains.add(chain("whole", null, events -> {}));
        chains.add(chain("no events", null, List::clear));
        chains.add(chain("cut at a signed event", null, List::removeLast));
        chains.add(chain("an event altered", 2L, events -> events.get(1).put("outcome", "refused")));
        chains.add(chain(
                "a detail altered", 2L, events -> events.get(1).put("details", map("key", "A", "version", "2"))));
        chains.add(chain("a time altered", 3L, events -> events.get(2).put("at", 0L)));
        chains.add(chain("a workspace taken away", 2L, events -> events.get(1).put("workspaceId", null)));
        chains.add(chain("an altered event with a new hash", 3L, events -> rehash(events.get(1), "refused")));
        chains.add(chain("the first event removed", 1L, List::removeFirst));
        chains.add(chain("an event removed", 2L, events -> events.remove(1)));
        chains.add(chain("two events reordered", 2L, events -> events.add(1, events.remove(2))));
        chains.add(chain("an event twice", 3L, events -> events.add(1, events.get(1))));
        chains.add(chain(
                "an event of another chain", 1L, events -> events.getFirst().put("chain", "keeper/1")));
        chains.add(chain(
                "the last signature removed", 4L, events -> events.getLast().put("signature", null)));
        chains.add(chain(
                "another event's signature",
                4L,
                events -> events.getLast().put("signature", events.get(2).get("signature"))));
        chains.add(chain(
                "another key's signature",
                4L,
                events -> events.getLast().put("signature", sign(signer("other"), event(events.getLast())))));
        return map(
                "chain",
                CHAIN,
                "publicKey",
                hex(key.publicKey().encoded()),
                "seed",
                hex(Vectors.fixed("audit key", 32)),
                "chains",
                chains);
    }

    static Stream<Vectors.Check> checks(JsonNode file) {
        return list(file, "chains")
                .map(vector -> new Vectors.Check(text(vector, "name"), () -> {
                    AuditVerifier verifier =
                            new AuditVerifier(text(file, "chain"), new Ed25519.PublicKey(hex(file, "publicKey")));
                    list(vector, "events").forEach(event -> verifier.accept(read(event), signature(event)));
                    AuditVerifier.Result result = verifier.finish();
                    JsonNode brokenAt = vector.get("brokenAt");
                    requireEqual(
                            String.valueOf(brokenAt.isNull() ? null : brokenAt.asLong()),
                            String.valueOf(result.brokenAt()));
                    requireEqual(text(vector, "head"), result.head());
                }));
    }

    private static Map<String, @Nullable Object> chain(
            String name, @Nullable Long brokenAt, Consumer<List<Map<String, @Nullable Object>>> change) {
        List<Map<String, @Nullable Object>> events = new ArrayList<>();
        add(events, event(null, "local:root", "workspace.create", "workspace:w", Map.of()), true);
        add(events, event("w", "token:1", "secret.deposit", "vault:v/A", Map.of("key", "A", "version", "1")), false);
        add(
                events,
                event(
                        "w",
                        "token:1",
                        "vault.describe",
                        "vault:v",
                        Map.of("description", "für \ud83d\udd11", "\uffee", "1", "\ud83d\udd11", "2")),
                true);
        add(events, event("w", "anonymous", "token.use", "token:2", Map.of("why", "expired")), true);
        change.accept(events);
        int whole = brokenAt == null ? events.size() : brokenAt.intValue() - 1;
        String head = events.subList(0, whole).stream()
                .filter(event -> event.get("signature") != null)
                .map(event -> String.valueOf(event.get("hash")))
                .reduce(ChainedEvent.START, (before, after) -> after);
        return map("name", name, "events", events, "brokenAt", brokenAt, "head", head);
    }

    private static void add(List<Map<String, @Nullable Object>> events, AuditEvent event, boolean signed) {
        String previous = events.isEmpty()
                ? ChainedEvent.START
                : String.valueOf(events.getLast().get("hash"));
        ChainedEvent chained =
                ChainedEvent.chain(CHAIN, events.size() + 1L, 1_795_000_000_000L + events.size(), event, previous);
        events.add(shown(chained, signed ? sign(signer("audit key"), chained) : null));
    }

    private static void rehash(Map<String, @Nullable Object> event, String outcome) {
        event.put("outcome", outcome);
        ChainedEvent was = event(event);
        event.put(
                "hash",
                ChainedEvent.chain(was.chain(), was.seq(), was.atMillis(), was.event(), was.previous())
                        .hash());
    }

    private static AuditEvent event(
            @Nullable String workspaceId, String actor, String action, String object, Map<String, String> details) {
        return new AuditEvent(workspaceId, actor, action, object, "ok", new TreeMap<>(details));
    }

    private static Map<String, @Nullable Object> shown(ChainedEvent chained, @Nullable String signature) {
        AuditEvent event = chained.event();
        return map(
                "chain", chained.chain(),
                "seq", chained.seq(),
                "at", chained.atMillis(),
                "workspaceId", event.workspaceId(),
                "actor", event.actor(),
                "action", event.action(),
                "object", event.object(),
                "outcome", event.outcome(),
                "details", event.details(),
                "previous", chained.previous(),
                "hash", chained.hash(),
                "signature", signature);
    }

    private static ChainedEvent event(Map<String, @Nullable Object> shown) {
        return read(Vectors.JSON.valueToTree(shown));
    }

    private static ChainedEvent read(JsonNode event) {
        TreeMap<String, String> details = new TreeMap<>();
        event.get("details")
                .properties()
                .forEach(
                        detail -> details.put(detail.getKey(), detail.getValue().asString()));
        JsonNode workspace = event.get("workspaceId");
        return new ChainedEvent(
                text(event, "chain"),
                event.get("seq").asLong(),
                event.get("at").asLong(),
                new AuditEvent(
                        workspace.isNull() ? null : workspace.asString(),
                        text(event, "actor"),
                        text(event, "action"),
                        text(event, "object"),
                        text(event, "outcome"),
                        details),
                text(event, "previous"),
                text(event, "hash"));
    }

    private static byte @Nullable [] signature(JsonNode event) {
        JsonNode signature = event.get("signature");
        return signature.isNull() ? null : HexFormat.of().parseHex(signature.asString());
    }

    private static String sign(Ed25519.Signer key, ChainedEvent event) {
        return hex(key.sign(event.signedMessage()));
    }

    private static Ed25519.Signer signer(String name) {
        return new Ed25519.Signer(SecretBytes.takeFrom(Vectors.fixed(name, 32)));
    }
}
