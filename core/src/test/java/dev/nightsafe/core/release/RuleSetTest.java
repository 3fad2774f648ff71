package dev.nightsafe.core.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment.As;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beside the vectors, {@code release-rules.json}. */
class RuleSetTest {
    private final Mac mac = new Mac(SecretBytes.takeFrom(new byte[32]));

    @AfterEach
    void close() {
        mac.close();
    }

    @Test
    void every_field_of_a_rule_is_authenticated() {
        List<String> fields = List.of(
                "w",
                "id",
                "vault",
                "queue",
                "*",
                "https://a",
                "main",
                "api",
                "python",
                "K env V",
                "results full",
                "c",
                "anna");
        List<String> macs = new ArrayList<>(List.of(of(rule(fields, 1)), of(rule(fields, 2))));
        for (int i = 0; i < fields.size(); i++) {
            List<String> other = new ArrayList<>(fields);
            other.set(i, "other");
            macs.add(of(rule(other, 1)));
        }
        assertThat(macs).doesNotHaveDuplicates();
    }

    @Test
    void text_that_moves_from_one_field_to_the_next_is_noticed() {
        List<String> fields =
                List.of("w", "id", "vault", "queue", "*", "https://a", "ma", "in", "python", "*", "all", "c", "anna");
        List<String> moved =
                List.of("w", "id", "vault", "queue", "*", "https://a", "m", "ain", "python", "*", "all", "c", "anna");
        assertThat(of(rule(fields, 1))).isNotEqualTo(of(rule(moved, 1)));
    }

    @Test
    void a_vault_that_never_had_a_rule_needs_no_mac_and_one_that_has_rules_does() {
        assertThat(new RuleSet("w", "vault", 0, As.ENV, List.of()).isAuthentic(mac, new byte[0]))
                .isTrue();
        RuleSet unwritten = new RuleSet("w", "vault", 0, As.ENV, List.of(rule()));
        assertThat(unwritten.isAuthentic(mac, mac.of(unwritten.authenticated())))
                .isFalse();
        assertThat(new RuleSet("w", "vault", 1, As.ENV, List.of()).isAuthentic(mac, new byte[0]))
                .isFalse();
    }

    @Test
    void a_row_that_no_console_could_have_written_is_not_authentic_and_breaks_nothing() {
        ReleaseRule nulls = new ReleaseRule(nothing(), "vault", "queue", "*", "g", "b", "", "c", "*", "all", null);
        List<ConsentedRule> rules = Arrays.asList(rule(), new ConsentedRule("w", nulls, 1, "anna"));
        assertThat(new RuleSet("w", "vault", 1, As.ENV, rules).isAuthentic(mac, new byte[32]))
                .isFalse();
        ReleaseRule broken = new ReleaseRule("id", "vault", "queue", "*", "\ud800", "b", "", "c", "*", "all", null);
        assertThat(new RuleSet("w", "vault", 1, As.ENV, List.of(new ConsentedRule("w", broken, 1, "anna")))
                        .isAuthentic(mac, new byte[32]))
                .isFalse();
    }

    @Test
    void a_floor_that_was_lowered_or_raised_or_put_there_is_not_authentic() {
        byte[] good = mac.of(new RuleSet("w", "vault", 1, As.FILE, List.of(rule())).authenticated());
        for (As floor : As.values()) {
            assertThat(new RuleSet("w", "vault", 1, floor, List.of(rule())).isAuthentic(mac, good))
                    .as(floor.name())
                    .isEqualTo(floor == As.FILE);
        }
        assertThat(new RuleSet("w", "vault", 0, As.FD, List.of()).isAuthentic(mac, new byte[0]))
                .isFalse();
    }

    private static ConsentedRule rule() {
        return rule(List.of("w", "id", "vault", "queue", "*", "g", "b", "", "c", "*", "all", "", "anna"), 1);
    }

    private static ConsentedRule rule(List<String> of, long createdAt) {
        ReleaseRule rule = new ReleaseRule(
                of.get(1),
                of.get(2),
                of.get(3),
                of.get(4),
                of.get(5),
                of.get(6),
                of.get(7),
                of.get(8),
                of.get(9),
                of.get(10),
                of.get(11));
        return new ConsentedRule(of.get(0), rule, createdAt, of.get(12));
    }

    private String of(ConsentedRule rule) {
        return HexFormat.of().formatHex(mac.of(new RuleSet("w", "vault", 1, As.ENV, List.of(rule)).authenticated()));
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // as a database may give it
    private static String nothing() {
        return null;
    }
}
