package dev.nightsafe.core.sealing;

import static dev.nightsafe.core.sealing.Vectors.hex;
import static dev.nightsafe.core.sealing.Vectors.list;
import static dev.nightsafe.core.sealing.Vectors.map;
import static dev.nightsafe.core.sealing.Vectors.requireEqual;
import static dev.nightsafe.core.sealing.Vectors.text;

import dev.nightsafe.core.queue.Deployment.As;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.release.ConsentedRule;
import dev.nightsafe.core.release.ReleaseRule;
import dev.nightsafe.core.release.RuleSet;
import dev.nightsafe.core.release.VaultFloor;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The console's MAC over a vault's release rules. */
final class ReleaseVectors {
    private static final String WORKSPACE = SealingVectors.HERE.workspaceId();
    private static final String VAULT = SealingVectors.HERE.vaultId();
    private static final long AT = 1_763_800_000_000L;
    private static final ConsentedRule FIRST = rule(VAULT, "r1", "main", null, AT);
    private static final ConsentedRule SECOND =
            rule(VAULT, "r2", "main", "0123456789abcdef".repeat(2) + "01234567", AT);

    private ReleaseVectors() {}

    static Map<String, @Nullable Object> make() {
        RuleSet both = new RuleSet(WORKSPACE, VAULT, AT, As.ENV, List.of(FIRST, SECOND));
        byte[] key = Vectors.fixed("deposit key", 32);
        byte[] good = mac(key.clone()).of(both.authenticated());
        byte[] otherKey = mac(Vectors.fixed("another deposit key", 32)).of(both.authenticated());
        return map(
                "key",
                hex(key),
                "authentic",
                List.of(
                        authentic("two rules", both),
                        authentic(
                                "the same in another order",
                                new RuleSet(WORKSPACE, VAULT, AT, As.ENV, List.of(SECOND, FIRST))),
                        authentic(
                                "the last one taken back, with a floor",
                                new RuleSet(WORKSPACE, VAULT, AT + 1, As.FILE, List.of()))),
                "refused",
                List.of(
                        set("another version", new RuleSet(WORKSPACE, VAULT, AT - 1, As.ENV, both.rules()), good),
                        set("another floor", new RuleSet(WORKSPACE, VAULT, AT, As.FD, both.rules()), good),
                        set("a rule less", new RuleSet(WORKSPACE, VAULT, AT, As.ENV, List.of(FIRST)), good),
                        set("a rule more", with(rule(VAULT, "r3", "main", null, AT)), good),
                        set("another branch", with(rule(VAULT, "r2", "evil", null, AT)), good),
                        set("any commit", with(rule(VAULT, "r2", "main", null, AT)), good),
                        set(
                                "another use",
                                with(rule(
                                        VAULT,
                                        "r2",
                                        "main",
                                        "*",
                                        SECOND.rule().disclosure(),
                                        SECOND.rule().commit(),
                                        AT)),
                                good),
                        set(
                                "more that may leave",
                                with(rule(
                                        VAULT,
                                        "r2",
                                        "main",
                                        SECOND.rule().uses(),
                                        "results full, errors traceback, logs transmit",
                                        SECOND.rule().commit(),
                                        AT)),
                                good),
                        set(
                                "another time",
                                with(rule(VAULT, "r2", "main", SECOND.rule().commit(), AT - 1)),
                                good),
                        set("a rule of another vault", with(rule("vault", "r2", "main", null, AT)), good),
                        set("another vault", new RuleSet(WORKSPACE, "vault", AT, As.ENV, both.rules()), good),
                        set("another workspace", new RuleSet("workspace", VAULT, AT, As.ENV, both.rules()), good),
                        set("another key's MAC", both, otherKey),
                        set("cut", both, java.util.Arrays.copyOf(good, 16)),
                        set("empty", both, new byte[0])));
    }

    static Stream<Vectors.Check> checks(JsonNode file) {
        Stream<Vectors.Check> authentic = list(file, "authentic")
                .map(vector -> new Vectors.Check(text(vector, "name"), () -> {
                    requireEqual(hex(vector, "message"), set(vector).authenticated());
                    requireEqual(true, set(vector).isAuthentic(mac(hex(file, "key")), hex(vector, "mac")));
                }));
        Stream<Vectors.Check> refused = list(file, "refused")
                .map(vector -> new Vectors.Check(
                        text(vector, "name"),
                        () -> requireEqual(false, set(vector).isAuthentic(mac(hex(file, "key")), hex(vector, "mac")))));
        return Stream.concat(authentic, refused);
    }

    private static RuleSet with(ConsentedRule second) {
        return new RuleSet(WORKSPACE, VAULT, AT, As.ENV, List.of(FIRST, second));
    }

    private static ConsentedRule rule(String vault, String id, String branch, @Nullable String commit, long at) {
        return rule(vault, id, branch, "*, DB env DB_URL", Disclosure.USUAL.text(), commit, at);
    }

    private static ConsentedRule rule(
            String vault, String id, String branch, String uses, String disclosure, @Nullable String commit, long at) {
        ReleaseRule rule = new ReleaseRule(
                id,
                vault,
                "queue",
                "*",
                "https://git.example/code.git",
                branch,
                "api",
                "python main.py",
                uses,
                disclosure,
                commit);
        return new ConsentedRule(WORKSPACE, rule, at, "token:anna");
    }

    private static Map<String, @Nullable Object> authentic(String name, RuleSet set) {
        byte[] mac = mac(Vectors.fixed("deposit key", 32)).of(set.authenticated());
        Map<String, @Nullable Object> vector = set(name, set, mac);
        vector.put("message", hex(set.authenticated()));
        return vector;
    }

    private static Map<String, @Nullable Object> set(String name, RuleSet set, byte[] mac) {
        List<Map<String, @Nullable Object>> rules =
                set.rules().stream().map(ReleaseVectors::shown).toList();
        return map(
                "name",
                name,
                "workspaceId",
                set.workspaceId(),
                "vaultId",
                set.vaultId(),
                "version",
                set.version(),
                "floor",
                Disclosure.word(set.floor()),
                "rules",
                rules,
                "mac",
                hex(mac));
    }

    private static Map<String, @Nullable Object> shown(ConsentedRule consented) {
        ReleaseRule rule = consented.rule();
        return map(
                "workspaceId", consented.workspaceId(),
                "vaultId", rule.vaultId(),
                "id", rule.id(),
                "queueId", rule.queueId(),
                "site", rule.site(),
                "gitUrl", rule.gitUrl(),
                "branch", rule.branch(),
                "codePath", rule.codePath(),
                "startupCmd", rule.startupCmd(),
                "uses", rule.uses(),
                "disclosure", rule.disclosure(),
                "commit", rule.commit(),
                "createdAt", consented.createdAt(),
                "createdBy", consented.createdBy());
    }

    private static RuleSet set(JsonNode vector) {
        List<ConsentedRule> rules =
                list(vector, "rules").map(ReleaseVectors::rule).toList();
        return new RuleSet(
                text(vector, "workspaceId"),
                text(vector, "vaultId"),
                vector.get("version").asLong(),
                VaultFloor.of(text(vector, "floor")),
                rules);
    }

    private static ConsentedRule rule(JsonNode rule) {
        ReleaseRule read = new ReleaseRule(
                text(rule, "id"),
                text(rule, "vaultId"),
                text(rule, "queueId"),
                text(rule, "site"),
                text(rule, "gitUrl"),
                text(rule, "branch"),
                text(rule, "codePath"),
                text(rule, "startupCmd"),
                text(rule, "uses"),
                text(rule, "disclosure"),
                rule.get("commit").isNull() ? null : text(rule, "commit"));
        return new ConsentedRule(
                text(rule, "workspaceId"), read, rule.get("createdAt").asLong(), text(rule, "createdBy"));
    }

    private static Mac mac(byte[] key) {
        return new Mac(SecretBytes.takeFrom(key));
    }
}
