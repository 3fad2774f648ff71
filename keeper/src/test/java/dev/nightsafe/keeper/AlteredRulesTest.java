package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody who can write the console's database but hasn't its key gets nothing released (I3). */
class AlteredRulesTest extends KeeperTestCase {
    private ConsoleRole.Vault vault;
    private ConsoleRole.Queue queue;
    private RunnerRole runner;

    @BeforeEach
    void release() {
        vault = console.vault(workspace, "api-keys");
        console.deposit(vault, "OPENAI_API_KEY", "sk-1");
        queue = console.queue(workspace, "summarize", deployment(vault));
        console.allow(vault, queue);
        runner = runner("r1", "*");
    }

    @Test
    void a_forged_rule_releases_nothing_to_its_queue_nor_to_the_vaults_others() {
        ConsoleRole.Queue evil = console.queue(workspace, "evil", onBranch(deployment(vault), "evil"));
        forge(vault, evil, "rule-" + Ids.next());
        assertThat(refused(evil)).contains("'api-keys'", "nightsafe vault allow api-keys --queue evil");
        refused(queue);
    }

    @Test
    void a_forged_rule_of_a_vault_that_never_had_one_releases_nothing() {
        ConsoleRole.Vault closed = console.vault(workspace, "closed");
        console.deposit(closed, "KEY", "v");
        ConsoleRole.Queue evil = console.queue(workspace, "evil", deployment(closed));
        forge(closed, evil, "rule-" + Ids.next());
        refused(evil);
        console.sql("INSERT INTO rule_set VALUES (?, 1, 'env', ?)", closed.id(), new byte[32]);
        refused(evil);
        console.sql("UPDATE rule_set SET mac = ? WHERE vault_id = ?", new byte[0], closed.id());
        refused(evil);
        console.sql("UPDATE rule_set SET version = 0 WHERE vault_id = ?", closed.id());
        refused(evil);
    }

    @Test
    void each_altered_field_of_a_rule_is_noticed() {
        String other = console.workspace("other-" + Ids.next());
        ConsoleRole.Vault moved = console.vault(workspace, "moved-to");
        for (String change : List.of(
                "id = 'another'",
                "site = 'elsewhere'",
                "git_url = 'https://git.example/evil.git'",
                "branch = 'evil'",
                "code_path = 'evil'",
                "startup_cmd = 'sh'",
                "uses = '*, OPENAI_API_KEY env HOST'",
                "disclosure = 'results full, errors traceback, logs transmit'",
                "commit_id = '" + COMMIT + "'",
                "created_at = 7",
                "created_by = 'token:somebody-else'",
                "workspace_id = '" + other + "'",
                "vault_id = '" + moved.id() + "'")) {
            console.sql("UPDATE release_rule SET " + change + " WHERE vault_id = ?", vault.id());
            assertThat(refused(queue)).as(change).contains("not what the console wrote");
            console.sql("DELETE FROM release_rule WHERE vault_id = ?", moved.id());
            console.disallow(vault);
            console.allow(vault, queue);
        }
        assertThat(runner.values(lease(queue), COMMIT)).hasSize(1);
    }

    @Test
    void a_rule_that_was_moved_to_another_vault_or_queue_releases_nothing() {
        ConsoleRole.Vault target = console.vault(workspace, "target");
        console.deposit(target, "KEY", "v");
        ConsoleRole.Queue greedy = console.queue(workspace, "greedy", deployment(target));
        console.allow(target, queue);
        console.sql("UPDATE release_rule SET queue_id = ? WHERE vault_id = ?", greedy.id(), target.id());
        refused(greedy);
        console.disallow(target);
        console.sql(
                "UPDATE release_rule SET vault_id = ?, queue_id = ? WHERE vault_id = ?",
                target.id(),
                greedy.id(),
                vault.id());
        refused(greedy);
        refused(queue);
    }

    @Test
    void the_mac_of_one_vaults_rules_says_nothing_for_another_vault() {
        ConsoleRole.Vault target = console.vault(workspace, "target");
        console.deposit(target, "KEY", "v");
        ConsoleRole.Queue greedy = console.queue(workspace, "greedy", deployment(target));
        forge(target, greedy, "rule-" + Ids.next());
        console.sql(
                "INSERT INTO rule_set SELECT ?, version, floor, mac FROM rule_set WHERE vault_id = ?",
                target.id(),
                vault.id());
        refused(greedy);
    }

    @Test
    void a_queue_row_that_somebody_edited_gets_nothing_that_no_rule_names() {
        for (Deployment evil : List.of(
                onBranch(queue.deployment(), "evil"), at("https://git.example/evil.git"), running("sh -c evil"))) {
            queue = console.change(queue, evil);
            assertThat(runner.ask(lease(queue), "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                    .contains("differs from what was consented to");
        }
        ConsoleRole.Vault other = console.vault(workspace, "other");
        console.deposit(other, "KEY", "v");
        queue = console.change(queue, deployment(vault, other));
        assertThat(runner.ask(lease(queue), "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("'other'", "no release rule names this queue");
        ConsoleRole.Queue forged = console.queue(workspace, "forged", deployment(vault));
        assertThat(runner.ask(lease(forged), "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("no release rule names this queue");
    }

    @Test
    void a_rule_that_was_taken_back_and_is_put_in_again_releases_nothing() {
        console.sql("CREATE TABLE kept_rule AS SELECT * FROM release_rule");
        console.sql("CREATE TABLE kept_set AS SELECT * FROM rule_set");
        try {
            console.disallow(vault);
            awaitSeen(vault);
            console.sql("INSERT INTO release_rule SELECT * FROM kept_rule WHERE vault_id = ?", vault.id());
            refused(queue);
            console.sql("DELETE FROM rule_set WHERE vault_id = ?", vault.id());
            console.sql("INSERT INTO rule_set SELECT * FROM kept_set WHERE vault_id = ?", vault.id());
            assertThat(runner.ask(lease(queue), "worker", COMMIT).refusedWith(ProblemCode.ROLLED_BACK))
                    .contains("'api-keys'", "set back", "nightsafe vault allow api-keys --queue summarize");
            assertThat(console.audit(workspace).getLast().outcome()).isEqualTo("rolled-back");
        } finally {
            console.sql("DROP TABLE kept_rule");
            console.sql("DROP TABLE kept_set");
        }
    }

    @Test
    void consent_that_the_console_gives_anew_counts_again() {
        console.sql("UPDATE release_rule SET branch = 'evil' WHERE vault_id = ?", vault.id());
        refused(queue);
        console.disallow(vault);
        console.allow(vault, queue);
        assertThat(runner.values(lease(queue), COMMIT)).containsExactly("api-keys/OPENAI_API_KEY@1=sk-1");
    }

    @Test
    void the_audit_says_that_rules_were_altered() {
        console.sql("DELETE FROM release_rule WHERE vault_id = ?", vault.id());
        refused(queue);
        ConsoleApi.AuditEvent event = console.audit(workspace).getLast();
        assertThat(event.action()).isEqualTo("grant");
        assertThat(event.outcome()).isEqualTo("rules-altered");
        assertThat(event.details().get("problem")).contains("'api-keys'");
    }

    /** As the console would write it, but without its key. */
    private void forge(ConsoleRole.Vault vault, ConsoleRole.Queue queue, String id) {
        Deployment deployment = queue.deployment();
        console.sql(
                "INSERT INTO release_rule VALUES (?, ?, ?, ?, '*', ?, ?, ?, ?, '*', 'results full, errors traceback,"
                        + " logs local', NULL, 0, 'test')",
                id,
                vault.workspace(),
                vault.id(),
                queue.id(),
                deployment.gitUrl(),
                deployment.branch(),
                deployment.codePath(),
                deployment.startupCmd());
    }

    private String refused(ConsoleRole.Queue queue) {
        return runner.ask(lease(queue), "worker", COMMIT).refusedWith(ProblemCode.RULES_ALTERED);
    }

    private KeeperApi.ServingLease lease(ConsoleRole.Queue queue) {
        return runner.lease(queue.name());
    }

    /** Until the keeper has looked, which it does on its own. */
    private void awaitSeen(ConsoleRole.Vault vault) {
        Optional<String> version = Optional.of(Long.toString(console.rulesVersion(vault)));
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        String seen = "SELECT version FROM rule_set_seen WHERE vault_id = '" + vault.id() + "'";
        while (!keeperRow(seen).equals(version)) {
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.onSpinWait();
        }
    }

    private Deployment at(String gitUrl) {
        return with(gitUrl, queue.deployment().startupCmd());
    }

    private Deployment running(String command) {
        return with("https://git.example/work.git", command);
    }

    private Deployment with(String gitUrl, String command) {
        return new Deployment(
                gitUrl,
                "main",
                "",
                command,
                Deployment.Mode.LONG_RUNNING,
                60,
                false,
                List.of(vault.ref()),
                List.of(),
                null,
                Disclosure.USUAL,
                Renewal.USUAL);
    }
}
