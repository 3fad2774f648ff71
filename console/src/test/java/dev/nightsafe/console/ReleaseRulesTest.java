package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseRulesTest extends ConsoleTest {
    private final String rules = base + "/vaults/v/release-rules";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private static final String OTHER = "f".repeat(40);
    private static final String DIGEST = "0".repeat(64);

    String editor = "";

    @BeforeEach
    void makeQueue() {
        console.vault(workspace, "v");
        console.vault(workspace, "w");
        editor = console.token(workspace, Permission.QUEUE_EDIT);
        apply(QueuesTest.queue("v"));
    }

    @Test
    void consent_is_to_the_deployment_as_it_stands() {
        Answer answer = allow("*", null);
        assertThat(answer.status()).isEqualTo(201);
        ConsoleApi.ReleaseRule rule = answer.as(ConsoleApi.Released.class).rule();
        assertThat(rule.gitUrl()).isEqualTo("https://git.example/code.git");
        assertThat(rule.startupCmd()).isEqualTo("python main.py");
        assertThat(rule.current()).isTrue();

        apply(QueuesTest.queueOf("https://git.example/other.git", "v"));
        assertThat(rules())
                .singleElement()
                .satisfies(stale -> assertThat(stale.current()).isFalse());
        allow("*", null);
        assertThat(rules())
                .as("the one that permits nothing any more is replaced")
                .singleElement()
                .satisfies(fresh -> {
                    assertThat(fresh.current()).isTrue();
                    assertThat(fresh.id()).isNotEqualTo(rule.id());
                });
    }

    @Test
    void a_floor_refuses_consent_to_a_weaker_way_and_is_not_an_editors_to_change() {
        floor(editor, "env").is(ProblemCode.FORBIDDEN);
        assertThat(floor(console.first(), "low").is(ProblemCode.BAD_REQUEST).detail())
                .isEqualTo("'floor' is fd, file or env");
        ConsoleApi.Floor set = floor(console.first(), "file").as(ConsoleApi.Floor.class);
        assertThat(set).isEqualTo(new ConsoleApi.Floor("file", List.of("q")));
        assertThat(console.audited(workspace, "vault.floor").details())
                .isEqualTo(Map.of("before", "env", "floor", "file"));
        assertThat(allow("*", null).is(ProblemCode.BELOW_FLOOR).detail())
                .isEqualTo(
                        "vault 'v' gives its values as file or fd, and queue 'q' takes all of them as env; name what it"
                                + " needs under its secrets with 'as: file', or someone with vault.release lowers the floor:"
                                + " nightsafe vault floor v env");
        assertThat(rules()).isEmpty();
        assertThat(floor(console.first(), "env").as(ConsoleApi.Floor.class).below())
                .isEmpty();
        assertThat(allow("*", null).status()).isEqualTo(201);
    }

    @Test
    void applying_a_queue_that_breaks_a_floor_releases_nothing_and_keeps_what_it_was_narrowed_to() {
        allow("berlin", null);
        floor(console.first(), "file").as(ConsoleApi.Floor.class);
        Object evil = QueuesTest.queueOf("https://git.example/other.git", "v");
        ConsoleApi.QueueApplied applied =
                console.call("PUT", base + "/queues/q", console.first(), evil).as(ConsoleApi.QueueApplied.class);
        assertThat(applied.released()).isEmpty();
        assertThat(applied.notReleased()).containsExactly("v");
        floor(console.first(), "env").as(ConsoleApi.Floor.class);
        console.call("PUT", base + "/queues/q", console.first(), evil).as(ConsoleApi.QueueApplied.class);
        assertThat(rules()).extracting(ConsoleApi.ReleaseRule::site).containsExactly("berlin");
    }

    private Answer floor(String token, String floor) {
        return console.call("PUT", base + "/vaults/v/floor", token, new ConsoleApi.NewFloor(floor));
    }

    @Test
    void a_deployment_that_nobody_looked_at_is_not_released() {
        String lookedAt = console.deployment(workspace, "q");
        apply(QueuesTest.queueOf("https://git.example/evil.git", "v"));
        String detail =
                allow(lookedAt, "*", null).is(ProblemCode.DEPLOYMENT_CHANGED).detail();
        assertThat(detail).contains("'q'", "nightsafe vault allow v --queue q");
        assertThat(rules()).isEmpty();
        assertThat(allow(console.deployment(workspace, "q"), "*", null).status())
                .isEqualTo(201);
    }

    @Test
    void consent_that_does_not_say_to_which_deployment_is_none() {
        for (String digest : List.of("", "q", DIGEST + "0", DIGEST.replace('0', 'A'), "sha256:" + DIGEST)) {
            allow(digest, "*", null).is(ProblemCode.BAD_REQUEST);
        }
        assertThat(console.call("POST", rules, console.first(), Map.of("queue", "q"))
                        .is(ProblemCode.BAD_REQUEST)
                        .detail())
                .contains("'deployment'");
        assertThat(rules()).isEmpty();
    }

    @Test
    void a_digest_that_somebody_wrote_beside_another_deployment_counts_for_nothing() {
        String lookedAt = console.deployment(workspace, "q");
        apply(QueuesTest.queueOf("https://git.example/evil.git", "v"));
        String workspaceId = console.vault(workspace, "for-the-id").workspaceId();
        console.console
                .context()
                .getBean(Committer.class)
                .commit(transaction -> transaction
                        .handle()
                        .execute(
                                "UPDATE queue SET deployment_digest = ? WHERE name = 'q' AND workspace_id = ?",
                                lookedAt,
                                workspaceId));
        allow(lookedAt, "*", null).is(ProblemCode.DEPLOYMENT_CHANGED);
    }

    @Test
    void consent_is_to_how_the_values_are_handed_out() {
        assertThat(allow("*", null).as(ConsoleApi.Released.class).rule().uses()).containsExactly("*");
        Map<String, Object> mapped = Map.of(
                "git_url",
                "https://git.example/code.git",
                "startup_cmd",
                "python main.py",
                "vaults",
                List.of("v"),
                "secrets",
                List.of(Map.of("from", "v/KEY", "env", "WEBHOOK_URL")));
        apply(Map.of("priority", 1, "deployment", mapped));
        assertThat(rules())
                .singleElement()
                .satisfies(stale -> assertThat(stale.current()).isFalse());
        assertThat(allow("*", null).as(ConsoleApi.Released.class).rule().uses())
                .containsExactly("*", "KEY env WEBHOOK_URL");
    }

    @Test
    void consent_is_to_how_much_may_leave_and_a_narrower_one_takes_the_place_of_a_wider() {
        apply(disclosing("full"));
        ConsoleApi.ReleaseRule wide =
                allow("*", null).as(ConsoleApi.Released.class).rule();
        assertThat(wide.disclosure()).isEqualTo("results full, errors traceback, logs local");
        apply(disclosing("status"));
        assertThat(rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.current()).isTrue());
        Answer narrower = allow("*", null);
        assertThat(narrower.status()).isEqualTo(201);
        assertThat(narrower.as(ConsoleApi.Released.class).replaced())
                .extracting(ConsoleApi.ReleaseRule::id)
                .containsExactly(wide.id());
        apply(disclosing("full"));
        assertThat(rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.current()).isFalse());
    }

    private static Map<String, Object> disclosing(String results) {
        return Map.of(
                "priority",
                1,
                "deployment",
                Map.of(
                        "git_url",
                        "https://git.example/code.git",
                        "startup_cmd",
                        "python main.py",
                        "vaults",
                        List.of("v"),
                        "results",
                        results));
    }

    @Test
    void consenting_twice_makes_one_rule() {
        ConsoleApi.ReleaseRule first =
                allow("berlin", COMMIT).as(ConsoleApi.Released.class).rule();
        Answer again = allow("berlin", COMMIT);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.as(ConsoleApi.Released.class).rule()).isEqualTo(first);
        assertThat(first.commit()).isEqualTo(COMMIT);
        assertThat(first.current()).isTrue();
        assertThat(allow("paris", COMMIT).status()).isEqualTo(201);
        assertThat(rules()).hasSize(2);
    }

    @Test
    void consent_to_one_commit_narrows_what_was_released_at_each() {
        String wide = allow("*", null).as(ConsoleApi.Released.class).rule().id();
        Answer answer = allow("*", COMMIT);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.as(ConsoleApi.Released.class).replaced())
                .extracting(ConsoleApi.ReleaseRule::id)
                .containsExactly(wide);
        assertThat(rules()).extracting(ConsoleApi.ReleaseRule::commit).containsExactly(COMMIT);
        assertThat(console.audited(workspace, "release.disallow").details())
                .containsEntry("replaced-by", rules().getFirst().id());
    }

    @Test
    void consent_to_one_site_narrows_what_was_released_to_each() {
        allow("*", null);
        allow("berlin", null);
        assertThat(rules()).extracting(ConsoleApi.ReleaseRule::site).containsExactly("berlin");
        allow("paris", COMMIT);
        assertThat(rules()).extracting(ConsoleApi.ReleaseRule::site).containsExactly("berlin", "paris");
        allow("berlin", COMMIT);
        assertThat(rules()).extracting(ConsoleApi.ReleaseRule::commit).containsExactly(COMMIT, COMMIT);
    }

    @Test
    void consent_that_was_there_already_narrows_too() {
        allow("berlin", COMMIT);
        allow("*", OTHER);
        assertThat(rules()).as("they permit nothing together").hasSize(2);
        Answer again = allow("berlin", null);
        assertThat(again.as(ConsoleApi.Released.class).replaced()).hasSize(2);
        assertThat(rules()).hasSize(1);
    }

    @Test
    void consent_leaves_other_queues_rules_alone() {
        console.call("PUT", base + "/queues/other", console.first(), QueuesTest.queue("v"))
                .as(ConsoleApi.QueueApplied.class);
        allow("*", COMMIT);
        assertThat(rules()).extracting(ConsoleApi.ReleaseRule::queue).containsExactly("other", "q");
    }

    @Test
    void what_an_earlier_deployment_was_allowed_does_not_come_back_with_it() {
        allow("*", null);
        apply(QueuesTest.queueOf("https://git.example/other.git", "v"));
        allow("*", COMMIT);
        apply(QueuesTest.queue("v"));
        assertThat(rules()).noneMatch(ConsoleApi.ReleaseRule::current);
    }

    @Test
    void applying_a_queue_does_not_widen_a_release_to_all_commits() {
        allow("*", COMMIT);
        for (int i = 0; i < 2; i++) { // the second call must not take it for a vault that never had a rule
            ConsoleApi.QueueApplied applied = console.call(
                            "PUT",
                            base + "/queues/q",
                            console.first(),
                            QueuesTest.queueOf("https://git.example/other.git", "v"))
                    .as(ConsoleApi.QueueApplied.class);
            assertThat(applied.released()).isEmpty();
            assertThat(applied.pinned()).containsExactly("v");
            assertThat(applied.notReleased()).containsExactly("v");
            assertThat(rules()).singleElement().satisfies(rule -> {
                assertThat(rule.commit()).isEqualTo(COMMIT);
                assertThat(rule.current()).isFalse();
            });
        }
        allow("*", OTHER);
        assertThat(rules()).singleElement().satisfies(rule -> {
            assertThat(rule.commit()).isEqualTo(OTHER);
            assertThat(rule.current()).isTrue();
        });
    }

    @Test
    void consent_is_taken_back() {
        ConsoleApi.ReleaseRule rule =
                allow("*", null).as(ConsoleApi.Released.class).rule();
        assertThat(console.call("DELETE", rules + "/" + rule.id(), console.first(), null)
                        .status())
                .isEqualTo(204);
        assertThat(rules()).isEmpty();
        console.call("DELETE", rules + "/" + rule.id(), console.first(), null).is(ProblemCode.NOT_FOUND);
    }

    @Test
    void a_rule_is_found_under_its_own_vault_only() {
        ConsoleApi.ReleaseRule rule =
                allow("*", null).as(ConsoleApi.Released.class).rule();
        console.call("DELETE", base + "/vaults/w/release-rules/" + rule.id(), console.first(), null)
                .is(ProblemCode.NOT_FOUND);
        assertThat(rules()).hasSize(1);
    }

    @Test
    void a_queue_that_does_not_name_the_vault_gets_no_consent() {
        assertThat(console.call(
                                "POST",
                                base + "/vaults/w/release-rules",
                                console.first(),
                                new ConsoleApi.NewReleaseRule("q", console.deployment(workspace, "q"), null, null))
                        .is(ProblemCode.BAD_REQUEST)
                        .detail())
                .contains("'q'", "'w'");
        for (String name : List.of("nowhere", "", "\u0000", "q\u0000", "\ud800")) {
            console.call("POST", rules, console.first(), new ConsoleApi.NewReleaseRule(name, DIGEST, null, null))
                    .is(ProblemCode.QUEUE_NOT_FOUND);
        }
    }

    @Test
    void sites_and_commits_are_whole_names() {
        for (String commit : List.of("", "main", "0123456", COMMIT.toUpperCase(java.util.Locale.ROOT), COMMIT + "0")) {
            allow("*", commit).is(ProblemCode.BAD_REQUEST);
        }
        allow("ber*", null).is(ProblemCode.INVALID_NAME);
        allow("", null).is(ProblemCode.INVALID_NAME);
    }

    private Answer allow(String site, @org.jspecify.annotations.Nullable String commit) {
        return allow(console.deployment(workspace, "q"), site, commit);
    }

    private Answer allow(String deployment, String site, @org.jspecify.annotations.Nullable String commit) {
        return console.call(
                "POST", rules, console.first(), new ConsoleApi.NewReleaseRule("q", deployment, site, commit));
    }

    private void apply(Object definition) {
        console.call("PUT", base + "/queues/q", editor, definition).as(ConsoleApi.QueueApplied.class);
    }

    private List<ConsoleApi.ReleaseRule> rules() {
        return console.call("GET", base + "/vaults/v", console.first(), null)
                .as(ConsoleApi.Vault.class)
                .releaseRules();
    }
}
