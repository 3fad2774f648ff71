package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.database.console.RuleSetRepository;
import dev.nightsafe.database.console.StoredRules;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console vouches for its own release rules only, and never for what somebody else wrote into its database. */
class AlteredRulesTest extends ConsoleTest {
    private final String rules = base + "/vaults/v/release-rules";
    private ConsoleApi.Vault vault = new ConsoleApi.Vault(
            "", "", "", "", "", new ConsoleApi.Keeping(10, 0), "", "", "", null, List.of(), List.of(), List.of());

    @BeforeEach
    void release() {
        vault = console.vault(workspace, "v");
        apply("q");
    }

    @Test
    void every_change_of_a_vaults_rules_is_authenticated_in_a_higher_version() {
        long version = authentic(1).version();
        assertThat(allow("q", "berlin").status()).as("narrowed").isEqualTo(201);
        assertThat(authentic(1).version()).isGreaterThan(version);
        version = authentic(1).version();
        assertThat(allow("q", "berlin").status()).as("confirmed").isEqualTo(200);
        assertThat(authentic(1).version()).isGreaterThan(version);
        version = authentic(1).version();
        assertThat(allow("q", "paris").status()).isEqualTo(201);
        assertThat(authentic(2).version()).isGreaterThan(version);
        version = authentic(2).version();
        disallow(authentic(2).rows().getLast().id());
        assertThat(authentic(1).version()).isGreaterThan(version);
        apply("another");
        version = authentic(2).version();
        console.call("DELETE", base + "/queues/another", console.first(), null);
        assertThat(authentic(1).version()).isGreaterThan(version);
        disallow(authentic(1).rows().getLast().id());
        assertThat(authentic(0).version()).isGreaterThan(version);
    }

    @Test
    void an_altered_rule_is_shown_as_one_that_permits_nothing() {
        alter("UPDATE release_rule SET site = 'evil' WHERE vault_id = ?");
        assertThat(shown())
                .singleElement()
                .satisfies(rule -> assertThat(rule.current()).isFalse());
        ConsoleApi.Queue queue =
                console.call("GET", base + "/queues/q", console.first(), null).as(ConsoleApi.Queue.class);
        assertThat(queue.notReleased()).containsExactly("v");
    }

    @Test
    void consenting_anew_removes_what_was_altered_instead_of_vouching_for_it() {
        allow("q", "berlin");
        allow("q", "madrid");
        alter("UPDATE release_rule SET site = 'evil' WHERE site = 'berlin' AND vault_id = ?");
        assertThat(allow("q", "paris").is(ProblemCode.RULES_ALTERED).detail()).contains("nightsafe vault floor v");
        floor("env");
        authentic(0);
        assertThat(allow("q", "paris").status()).isEqualTo(201);
        assertThat(authentic(1).rows()).extracting(ReleaseRuleRow::site).containsExactly("paris");
        assertThat(audited("release.clear").details())
                .containsEntry("why", "rules-altered")
                .containsEntry("rules", "2");
    }

    @Test
    void applying_a_queue_removes_what_was_altered_and_consents_once_the_floor_was_said_again() {
        alter("UPDATE release_rule SET site = 'evil' WHERE vault_id = ?");
        assertThat(apply("q").released()).isEmpty();
        authentic(0);
        audited("release.clear");
        floor("env");
        assertThat(apply("q").released()).containsExactly("v");
        assertThat(authentic(1).rows()).extracting(ReleaseRuleRow::site).containsExactly("*");
    }

    @Test
    void a_floor_that_was_lowered_or_taken_away_in_the_database_is_the_highest_until_it_is_said_again() {
        for (String change : List.of(
                "UPDATE rule_set SET floor = 'env' WHERE vault_id = ?",
                "UPDATE rule_set SET floor = 'low' WHERE vault_id = ?",
                "UPDATE rule_set SET version = 0, floor = 'env' WHERE vault_id = ?",
                "DELETE FROM rule_set WHERE vault_id = ?")) {
            floor("file");
            assertThat(shownFloor()).isEqualTo("file");
            alter("DELETE FROM release_rule WHERE vault_id = ?");
            alter(change);
            assertThat(shownFloor()).as(change).isEqualTo("fd");
            assertThat(apply("q").released()).as(change).isEmpty();
            assertThat(shownFloor()).as("vouched for after %s", change).isEqualTo("fd");
            assertThat(authentic(0).floor()).isEqualTo(Deployment.As.FD);
        }
        floor("env");
        assertThat(apply("q").released()).containsExactly("v");
    }

    @Test
    void who_may_not_release_neither_vouches_for_what_was_altered_nor_removes_it() {
        alter("UPDATE release_rule SET site = 'evil' WHERE vault_id = ?");
        String editor = console.token(workspace, Permission.QUEUE_EDIT);
        console.call("PUT", base + "/queues/q", editor, QueuesTest.queueOf("https://git.example/x.git", "v"))
                .as(ConsoleApi.QueueApplied.class);
        StoredRules stored = stored();
        assertThat(stored.rows()).hasSize(1);
        assertThat(isAuthentic(stored)).isFalse();
    }

    @Test
    void taking_back_an_altered_rule_takes_back_all_of_the_vault() {
        allow("q", "berlin");
        allow("q", "madrid");
        alter("UPDATE release_rule SET site = 'evil' WHERE site = 'berlin' AND vault_id = ?");
        disallow(stored().rows().getLast().id());
        authentic(0);
        audited("release.clear");
    }

    @Test
    void deleting_a_queue_takes_its_rules_back_one_by_one_in_the_audit() {
        console.call("DELETE", base + "/queues/q", console.first(), null);
        authentic(0);
        assertThat(audited("release.disallow").object()).startsWith("vault:" + vault.id() + "/release-rule:");
    }

    @Test
    void a_forged_rule_that_names_another_workspaces_vault_leaves_that_vault_alone() {
        String other = "w" + System.nanoTime();
        console.workspace(other);
        ConsoleApi.Vault theirs = console.vault(other, "theirs");
        alter("UPDATE release_rule SET vault_id = '" + theirs.id() + "' WHERE vault_id = ?");
        apply("q");
        authentic(0);
        StoredRules forged =
                console.database().read(handle -> RuleSetRepository.read(handle, theirs.workspaceId(), theirs.id()));
        assertThat(forged.rows()).as("left for its own people to see").hasSize(1);
        assertThat(isAuthentic(forged)).as("not vouched for").isFalse();
    }

    private StoredRules authentic(int count) {
        StoredRules stored = stored();
        assertThat(stored.rows()).hasSize(count);
        assertThat(isAuthentic(stored)).isTrue();
        return stored;
    }

    private boolean isAuthentic(StoredRules stored) {
        try (Mac mac = new Mac(KeyFile.read(console.home.resolve("keeper").resolve("deposit.key")))) {
            return stored.isAuthentic(mac);
        }
    }

    private StoredRules stored() {
        return console.database().read(handle -> RuleSetRepository.read(handle, vault.workspaceId(), vault.id()));
    }

    private List<ConsoleApi.ReleaseRule> shown() {
        return console.call("GET", base + "/vaults/v", console.first(), null)
                .as(ConsoleApi.Vault.class)
                .releaseRules();
    }

    private Answer allow(String queue, @Nullable String site) {
        String digest = console.deployment(workspace, queue);
        return console.call("POST", rules, console.first(), new ConsoleApi.NewReleaseRule(queue, digest, site, null));
    }

    private void floor(String floor) {
        console.call("PUT", base + "/vaults/v/floor", console.first(), new ConsoleApi.NewFloor(floor))
                .as(ConsoleApi.Floor.class);
    }

    private String shownFloor() {
        return console.call("GET", base + "/vaults/v", console.first(), null)
                .as(ConsoleApi.Vault.class)
                .floor();
    }

    private void disallow(String rule) {
        assertThat(console.call("DELETE", rules + "/" + rule, console.first(), null)
                        .status())
                .isEqualTo(204);
    }

    private ConsoleApi.QueueApplied apply(String queue) {
        return console.call("PUT", base + "/queues/" + queue, console.first(), QueuesTest.queue("v"))
                .as(ConsoleApi.QueueApplied.class);
    }

    private void alter(String sql) {
        console.console
                .context()
                .getBean(Committer.class)
                .commit(transaction -> transaction.handle().execute(sql, vault.id()));
    }

    private ConsoleApi.AuditEvent audited(String action) {
        return console.audited(workspace, action);
    }
}
