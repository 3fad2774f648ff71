package dev.nightsafe.core.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Deployment.As;
import dev.nightsafe.core.queue.Deployment.KeyRef;
import dev.nightsafe.core.queue.Deployment.Mode;
import dev.nightsafe.core.queue.Deployment.SecretRef;
import dev.nightsafe.core.queue.Deployment.VaultRef;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Disclosure.Errors;
import dev.nightsafe.core.queue.Disclosure.Logs;
import dev.nightsafe.core.queue.Disclosure.Results;
import dev.nightsafe.core.queue.Renewal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReleaseRuleTest {
    private static final String COMMIT = "9fceb02d0ae598e95dc970b74767f19372d61af8";
    private static final VaultRef VAULT = new VaultRef("api-keys", "vault");
    private static final Deployment DEPLOYMENT = deployment("https://host/a.git", "main", "api", "python main.py");
    private static final ReleaseRule RULE =
            ReleaseRule.forDeployment("rule", "vault", "queue", "site", DEPLOYMENT, null);

    @Test
    void a_rule_permits_the_deployment_that_it_was_made_for() {
        assertThat(RULE.difference("queue", "site", DEPLOYMENT, null)).isEmpty();
        assertThat(RULE.difference("queue", "site", DEPLOYMENT, COMMIT)).isEmpty();
    }

    @Test
    void each_thing_that_decides_what_runs_is_compared() {
        assertThat(RULE.difference("other", "site", DEPLOYMENT, null)).contains("queue");
        assertThat(RULE.difference("queue", "other", DEPLOYMENT, null)).contains("site");
        assertThat(difference(deployment("https://host/b.git", "main", "api", "python main.py")))
                .contains("git_url");
        assertThat(difference(deployment("https://host/a.git", "dev", "api", "python main.py")))
                .contains("branch");
        assertThat(difference(deployment("https://host/a.git", "main", "", "python main.py")))
                .contains("code_path");
        assertThat(difference(deployment("https://host/a.git", "main", "api", "sh")))
                .contains("startup_cmd");
    }

    @Test
    void how_the_values_are_handed_out_is_compared() {
        assertThat(difference(uses(List.of(), List.of(), null))).contains("use of the vault");
        assertThat(difference(uses(List.of(VAULT), List.of(as("KEY", As.ENV, "HOST")), null)))
                .contains("use of the vault");
        assertThat(difference(uses(List.of(VAULT), List.of(), new KeyRef(VAULT, "KEY"))))
                .contains("use of the vault");

        Deployment token = uses(List.of(), List.of(), new KeyRef(VAULT, "KEY"));
        ReleaseRule forToken = ReleaseRule.forDeployment("r", "vault", "queue", "site", token, null);
        assertThat(forToken.difference("queue", "site", token, null)).isEmpty();
        assertThat(forToken.difference("queue", "site", DEPLOYMENT, null)).contains("use of the vault");
        assertThat(forToken.difference("queue", "site", uses(List.of(), List.of(), new KeyRef(VAULT, "OTHER")), null))
                .contains("use of the vault");
    }

    @Test
    void each_key_variable_and_way_is_compared_and_their_order_and_other_vaults_are_not() {
        SecretRef db = as("DB", As.ENV, "DB_URL");
        SecretRef pem = as("key.pem", As.FILE, "KEY_FILE");
        Deployment both = uses(List.of(), List.of(db, pem), null);
        ReleaseRule rule = ReleaseRule.forDeployment("r", "vault", "queue", "site", both, null);
        assertThat(rule.uses()).isEqualTo("DB env DB_URL, key.pem file KEY_FILE");
        VaultRef other = new VaultRef("other", "other-vault");
        SecretRef foreign = new SecretRef(new KeyRef(other, "DB"), As.ENV, "OTHER");
        assertThat(rule.difference("queue", "site", uses(List.of(other), List.of(pem, foreign, db), null), null))
                .isEmpty();
        for (SecretRef changed :
                List.of(as("OTHER", As.ENV, "DB_URL"), as("DB", As.FILE, "DB_URL"), as("DB", As.ENV, "WEBHOOK_URL"))) {
            assertThat(rule.difference("queue", "site", uses(List.of(), List.of(changed, pem), null), null))
                    .contains("use of the vault");
        }
        assertThat(rule.difference("queue", "site", uses(List.of(), List.of(db), null), null))
                .as("less than was consented to is something else, too")
                .contains("use of the vault");
    }

    @Test
    void less_may_leave_than_was_consented_to_and_no_more() {
        Disclosure consented = new Disclosure(Results.SUMMARY, Errors.MESSAGE, Logs.LOCAL);
        ReleaseRule rule = ReleaseRule.forDeployment("r", "vault", "queue", "site", DEPLOYMENT.with(consented), null);
        for (Results results : Results.values()) {
            for (Errors errors : Errors.values()) {
                for (Logs logs : Logs.values()) {
                    boolean less = results != Results.FULL && errors != Errors.TRACEBACK && logs == Logs.LOCAL;
                    Disclosure asked = new Disclosure(results, errors, logs);
                    assertThat(rule.difference("queue", "site", DEPLOYMENT.with(asked), null)
                                    .isEmpty())
                            .as(asked.text())
                            .isEqualTo(less);
                }
            }
        }
        assertThat(rule.difference("queue", "site", DEPLOYMENT, null))
                .contains("disclosure (results full, errors traceback, logs local, where consent is to results summary,"
                        + " errors message, logs local)");
    }

    @Test
    void a_disclosure_that_can_not_be_read_permits_nothing() {
        for (String text : List.of("", "results full", "results full, errors traceback, logs all", "*")) {
            ReleaseRule rule = new ReleaseRule(
                    "r", "vault", "queue", "site", RULE.gitUrl(), "main", "api", "python main.py", "*", text, null);
            assertThat(rule.difference("queue", "site", DEPLOYMENT, null))
                    .as(text)
                    .isPresent();
        }
    }

    @Test
    void what_a_text_of_uses_was_made_of_can_be_read_back() {
        for (List<String> uses : List.of(List.<String>of(), List.of("*"), List.of("*", "DB env DB_URL"))) {
            assertThat(VaultUses.list(VaultUses.text(uses))).isEqualTo(uses);
        }
    }

    @Test
    void rules_overlap_where_both_would_permit_something() {
        ReleaseRule pinned = ReleaseRule.forDeployment("r", "vault", "queue", "site", DEPLOYMENT, COMMIT);
        assertThat(RULE.overlaps("site", COMMIT)).isTrue();
        assertThat(RULE.overlaps(ReleaseRule.ANY_SITE, null)).isTrue();
        assertThat(RULE.overlaps("elsewhere", null)).isFalse();
        assertThat(pinned.overlaps("site", null)).isTrue();
        assertThat(pinned.overlaps(ReleaseRule.ANY_SITE, COMMIT)).isTrue();
        assertThat(pinned.overlaps("site", "0".repeat(40))).isFalse();
        assertThat(pinned.overlaps("elsewhere", COMMIT)).isFalse();
    }

    @Test
    void nothing_is_folded_or_trimmed_before_it_is_compared() {
        assertThat(RULE.difference("Queue", "site", DEPLOYMENT, null)).contains("queue");
        assertThat(RULE.difference("queue", "SITE", DEPLOYMENT, null)).contains("site");
        assertThat(difference(deployment("https://HOST/a.git", "main", "api", "python main.py")))
                .contains("git_url");
        assertThat(difference(deployment("https://host/a.git/", "main", "api", "python main.py")))
                .contains("git_url");
        assertThat(difference(deployment("https://host/a.git", "main", "api", "python main.py ")))
                .contains("startup_cmd");
    }

    @Test
    void a_rule_for_any_site_permits_each_and_a_site_called_so_permits_none_by_itself() {
        ReleaseRule any = ReleaseRule.forDeployment("r", "vault", "queue", ReleaseRule.ANY_SITE, DEPLOYMENT, null);
        assertThat(any.difference("queue", "site", DEPLOYMENT, null)).isEmpty();
        assertThat(RULE.difference("queue", ReleaseRule.ANY_SITE, DEPLOYMENT, null))
                .contains("site");
    }

    @Test
    void a_rule_with_a_commit_permits_exactly_that_commit_and_nothing_before_it_is_known() {
        ReleaseRule pinned = ReleaseRule.forDeployment("r", "vault", "queue", "site", DEPLOYMENT, COMMIT);
        assertThat(pinned.difference("queue", "site", DEPLOYMENT, COMMIT)).isEmpty();
        assertThat(pinned.difference("queue", "site", DEPLOYMENT, null)).contains("commit");
        assertThat(pinned.difference("queue", "site", DEPLOYMENT, COMMIT.substring(0, 7)))
                .contains("commit");
        assertThat(pinned.difference("queue", "site", DEPLOYMENT, "0".repeat(40)))
                .contains("commit");
    }

    private static SecretRef as(String key, As as, String variable) {
        return new SecretRef(new KeyRef(VAULT, key), as, variable);
    }

    private static Deployment uses(List<VaultRef> vaults, List<SecretRef> secrets, @Nullable KeyRef gitToken) {
        return new Deployment(
                DEPLOYMENT.gitUrl(),
                DEPLOYMENT.branch(),
                DEPLOYMENT.codePath(),
                DEPLOYMENT.startupCmd(),
                Mode.LONG_RUNNING,
                60,
                false,
                vaults,
                secrets,
                gitToken,
                Disclosure.USUAL,
                Renewal.USUAL);
    }

    private static java.util.Optional<String> difference(Deployment deployment) {
        return RULE.difference("queue", "site", deployment, null);
    }

    private static Deployment deployment(String gitUrl, String branch, String codePath, String startupCmd) {
        List<VaultRef> vaults = List.of(VAULT);
        return new Deployment(
                gitUrl,
                branch,
                codePath,
                startupCmd,
                Mode.LONG_RUNNING,
                60,
                false,
                vaults,
                List.of(),
                null,
                Disclosure.USUAL,
                Renewal.USUAL);
    }
}
