package dev.nightsafe.core.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Deployment.Mode;
import dev.nightsafe.core.queue.Deployment.VaultRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseRuleTest {
    private static final String COMMIT = "9fceb02d0ae598e95dc970b74767f19372d61af8";
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

    private static java.util.Optional<String> difference(Deployment deployment) {
        return RULE.difference("queue", "site", deployment, null);
    }

    private static Deployment deployment(String gitUrl, String branch, String codePath, String startupCmd) {
        List<VaultRef> vaults = List.of(new VaultRef("api-keys", "vault"));
        return new Deployment(
                gitUrl, branch, codePath, startupCmd, Mode.LONG_RUNNING, 60, false, vaults, List.of(), null);
    }
}
