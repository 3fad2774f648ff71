package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Disclosure.Logs;
import dev.nightsafe.core.queue.Disclosure.Results;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrantTest extends KeeperTestCase {
    private ConsoleRole.Vault vault;
    private ConsoleRole.Queue queue;
    private RunnerRole runner;

    @BeforeEach
    void release() {
        vault = console.vault(workspace, "api-keys");
        console.deposit(vault, "OPENAI_API_KEY", "sk-1");
        queue = console.queue(workspace, "summarize", deployment(vault));
        console.allow(vault, queue);
        runner = runner("r1", "summarize");
    }

    @Test
    void a_released_value_comes_to_the_runner_sealed_to_its_one_time_key() {
        assertThat(runner.values(runner.lease(), COMMIT)).containsExactly("api-keys/OPENAI_API_KEY@1=sk-1");
    }

    @Test
    void vaults_come_in_the_order_listed_then_single_secrets() {
        ConsoleRole.Vault second = console.vault(workspace, "more");
        console.deposit(second, "OPENAI_API_KEY", "sk-2");
        console.deposit(second, "key.pem", "PEM\n");
        Deployment.SecretRef pem = new Deployment.SecretRef(second.key("key.pem"), Deployment.As.FILE, "KEY_FILE");
        queue = console.change(queue, deployment(List.of(vault, second), List.of(pem), null));
        console.allow(second, queue);

        assertThat(runner.values(runner.lease(), null))
                .containsExactly(
                        "api-keys/OPENAI_API_KEY@1=sk-1", "more/OPENAI_API_KEY@1=sk-2", "more/key.pem@1=PEM\n");
    }

    @Test
    void a_whole_vault_gives_only_keys_that_are_variables() {
        console.deposit(vault, "key.pem", "PEM");
        console.deposit(vault, "with-dash", "x");
        assertThat(runner.values(runner.lease(), null)).containsExactly("api-keys/OPENAI_API_KEY@1=sk-1");
    }

    @Test
    void plain_entries_are_told_from_secrets_and_bytes_stay_as_they_are() {
        byte[] binary = {0, (byte) 0xff, '\n', 0};
        console.deposit(vault, "BINARY", binary, true);
        console.deposit(vault, "REGION", "eu".getBytes(StandardCharsets.UTF_8), false);
        try (GrantBundle bundle = runner.grant(runner.lease(), "worker", null)) {
            GrantBundle.Entry first = bundle.entries().getFirst();
            assertThat(first.key()).isEqualTo("BINARY");
            assertThat(first.value().exposing(byte[]::clone)).isEqualTo(binary);
            assertThat(bundle.entries()).extracting(GrantBundle.Entry::secret).containsExactly(true, true, false);
        }
    }

    @Test
    void I3_a_queue_gets_nothing_in_a_weaker_way_than_the_vaults_floor_whatever_was_consented_to() {
        console.floor(vault, Deployment.As.FILE);
        assertThat(runner.ask(runner.lease(), "worker", null).refusedWith(ProblemCode.BELOW_FLOOR))
                .contains("'api-keys'", "queue 'summarize' takes all of them as env", "'as: file'");
        assertThat(console.audit(workspace).getLast().outcome()).isEqualTo("below-floor");
        for (Deployment.As way : Deployment.As.values()) {
            Deployment.SecretRef secret = new Deployment.SecretRef(vault.key("OPENAI_API_KEY"), way, "KEY_FD");
            queue = console.change(queue, deployment(List.of(), List.of(secret), null));
            console.allow(vault, queue);
            if (way == Deployment.As.ENV) {
                runner.ask(runner.lease(), "worker", null).refusedWith(ProblemCode.BELOW_FLOOR);
            } else {
                assertThat(runner.values(runner.lease(), null)).containsExactly("api-keys/OPENAI_API_KEY@1=sk-1");
            }
        }
    }

    @Test
    void I3_a_floor_that_was_lowered_in_the_tables_closes_the_vault() {
        console.floor(vault, Deployment.As.FILE);
        for (String floor : List.of("env", "fd", "low")) {
            console.sql("UPDATE rule_set SET floor = ? WHERE vault_id = ?", floor, vault.id());
            assertThat(runner.ask(runner.lease(), "worker", null).refusedWith(ProblemCode.RULES_ALTERED))
                    .contains("'api-keys'", "nightsafe vault floor api-keys");
        }
    }

    @Test
    void a_floor_is_no_matter_for_a_git_token_which_no_worker_gets() {
        ConsoleRole.Vault git = console.vault(workspace, "git");
        console.deposit(git, "TOKEN", "ghp");
        queue = console.change(queue, deployment(List.of(vault), List.of(), git.key("TOKEN")));
        console.allow(vault, queue);
        console.allow(git, queue);
        console.floor(git, Deployment.As.FD);
        try (GrantBundle bundle = runner.grant(runner.lease(), "git", null)) {
            assertThat(RunnerRole.text(bundle)).containsExactly("git/TOKEN@1=ghp");
        }
    }

    @Test
    void a_new_value_comes_with_the_next_grant() {
        KeeperApi.ServingLease lease = runner.lease();
        runner.values(lease, null);
        console.deposit(vault, "OPENAI_API_KEY", "sk-new");
        assertThat(runner.values(lease, null)).containsExactly("api-keys/OPENAI_API_KEY@2=sk-new");
    }

    @Test
    void an_expired_secret_is_not_released_and_its_end_can_not_be_put_off_in_the_tables() {
        long end = clock.millis() + 10_000;
        DepositBinding binding = new DepositBinding(workspace, vault.id(), "OPENAI_API_KEY", 2, true);
        try (SecretBytes value = SecretBytes.takeFrom("sk-2".getBytes(StandardCharsets.UTF_8))) {
            console.accept(vault, binding, Sealing.seal(vault.lock(), binding, value), end);
        }
        KeeperApi.ServingLease lease = runner.lease();
        assertThat(runner.values(lease, null)).containsExactly("api-keys/OPENAI_API_KEY@2=sk-2");
        clock.advance(Duration.ofSeconds(10));
        assertThat(runner.ask(lease, "worker", null).refusedWith(ProblemCode.SECRET_EXPIRED))
                .contains("'api-keys/OPENAI_API_KEY' expired at", "deposit a new value");
        assertThat(console.audit(workspace).getLast().outcome()).isEqualTo("secret-expired");

        for (long later : new long[] {0, end + 60_000}) {
            console.sql("UPDATE secret SET expires_at = ? WHERE vault_id = ?", later, vault.id());
            assertThat(runner.ask(lease, "worker", null).refusedWith(ProblemCode.SECRET_UNREADABLE))
                    .contains("not what the console accepted");
        }
    }

    @Test
    void the_git_token_comes_alone_for_purpose_git_and_never_to_a_worker() {
        ConsoleRole.Vault git = console.vault(workspace, "git");
        console.deposit(git, "TOKEN", "ghp");
        queue = console.change(queue, deployment(List.of(vault), List.of(), git.key("TOKEN")));
        console.allow(vault, queue);
        console.allow(git, queue);
        KeeperApi.ServingLease lease = runner.lease();
        try (GrantBundle bundle = runner.grant(lease, "git", null)) {
            assertThat(RunnerRole.text(bundle)).containsExactly("git/TOKEN@1=ghp");
        }
        assertThat(runner.values(lease, COMMIT)).containsExactly("api-keys/OPENAI_API_KEY@1=sk-1");
    }

    @Test
    void I3_the_git_token_needs_a_release_rule_of_its_own() {
        ConsoleRole.Vault git = console.vault(workspace, "git");
        console.deposit(git, "TOKEN", "ghp");
        queue = console.change(queue, deployment(List.of(vault), List.of(), git.key("TOKEN")));
        console.allow(vault, queue);
        assertThat(runner.ask(runner.lease(), "git", null).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("'git'");
    }

    @Test
    void I3_a_vault_that_was_released_for_its_git_token_is_not_injected() {
        ConsoleRole.Vault git = console.vault(workspace, "git");
        console.deposit(git, "TOKEN", "ghp");
        queue = console.change(queue, deployment(List.of(vault), List.of(), git.key("TOKEN")));
        console.allow(vault, queue);
        console.allow(git, queue);
        queue = console.change(queue, deployment(List.of(vault, git), List.of(), git.key("TOKEN")));
        KeeperApi.ServingLease lease = runner.lease();
        assertThat(runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("'git'", "its use of the vault differs");
        assertThat(runner.ask(lease, "git", null).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("'git'");
        console.allow(git, queue);
        assertThat(runner.values(lease, COMMIT)).hasSize(2);
    }

    @Test
    void I3_a_value_goes_into_no_other_variable_than_was_consented_to() {
        Deployment.KeyRef key = vault.key("OPENAI_API_KEY");
        queue = console.change(
                queue,
                deployment(
                        List.of(), List.of(new Deployment.SecretRef(key, Deployment.As.ENV, "OPENAI_API_KEY")), null));
        console.disallow(vault);
        console.allow(vault, queue);
        assertThat(runner.values(runner.lease(), COMMIT)).hasSize(1);
        queue = console.change(
                queue,
                deployment(List.of(), List.of(new Deployment.SecretRef(key, Deployment.As.ENV, "WEBHOOK_URL")), null));
        assertThat(runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("its use of the vault differs");
    }

    @Test
    void I3_without_a_release_rule_nothing_comes_and_the_answer_says_whom_to_ask() {
        console.disallow(vault);
        assertThat(runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("vault 'api-keys'")
                .contains("vault.release")
                .contains("nightsafe vault allow api-keys --queue summarize");
    }

    @Test
    void I3_a_changed_deployment_gets_nothing_until_consent_is_given() {
        queue = console.change(queue, onBranch(queue.deployment(), "evil"));
        KeeperApi.ServingLease lease = runner.lease();
        assertThat(runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("branch");
        console.allow(vault, queue);
        assertThat(runner.values(lease, COMMIT)).hasSize(1);
    }

    @Test
    void I3_more_may_leave_only_with_new_consent_and_less_at_once() {
        queue = console.change(queue, queue.deployment().with(disclosure(Results.SUMMARY, Logs.LOCAL)));
        assertThat(runner.values(runner.lease(), COMMIT)).hasSize(1);
        console.disallow(vault);
        console.allow(vault, queue);
        for (Disclosure more :
                List.of(disclosure(Results.FULL, Logs.LOCAL), disclosure(Results.STATUS, Logs.TRANSMIT))) {
            queue = console.change(queue, queue.deployment().with(more));
            assertThat(runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                    .contains("disclosure (" + more.text())
                    .contains("results summary")
                    .contains("nightsafe vault allow api-keys --queue summarize");
        }
        console.allow(vault, queue);
        assertThat(runner.values(runner.lease(), COMMIT)).hasSize(1);
    }

    private static Disclosure disclosure(Results results, Logs logs) {
        return new Disclosure(results, Disclosure.Errors.TRACEBACK, logs);
    }

    @Test
    void I3_a_rule_for_one_site_or_commit_permits_no_other() {
        console.disallow(vault);
        console.allow(vault, queue, "elsewhere", null);
        KeeperApi.ServingLease lease = runner.lease();
        assertThat(runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("site");
        console.disallow(vault);
        console.allow(vault, queue, "home", COMMIT);
        assertThat(runner.ask(lease, "worker", COMMIT.replace('0', 'f')).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("commit");
        assertThat(runner.ask(lease, "worker", null).refusedWith(ProblemCode.NOT_RELEASED))
                .contains("commit");
        assertThat(runner.values(lease, COMMIT)).hasSize(1);
    }

    @Test
    void I6_a_vault_of_another_workspace_is_not_found_like_one_that_does_not_exist() {
        String other = console.workspace("other-" + Ids.next());
        ConsoleRole.Vault theirs = console.vault(other, "api-keys");
        console.deposit(theirs, "K", "v");
        queue = console.change(queue, deployment(theirs));
        console.sql("UPDATE release_rule SET vault_id = ? WHERE queue_id = ?", theirs.id(), queue.id());
        assertThat(runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.VAULT_NOT_FOUND))
                .isEqualTo("vault not found: 'api-keys' (queue 'summarize')");
        console.sql("DELETE FROM release_rule");
        console.sql("DELETE FROM secret WHERE vault_id = ?", theirs.id());
        console.sql("DELETE FROM vault WHERE id = ?", theirs.id());
        assertThat(runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.VAULT_NOT_FOUND))
                .isEqualTo("vault not found: 'api-keys' (queue 'summarize')");
    }

    @Test
    void a_single_secret_that_is_missing_is_named() {
        Deployment.SecretRef missing = new Deployment.SecretRef(vault.key("GONE"), Deployment.As.ENV, "GONE");
        queue = console.change(queue, deployment(List.of(), List.of(missing), null));
        console.allow(vault, queue);
        assertThat(runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.NOT_FOUND))
                .contains("api-keys/GONE");
    }

    @Test
    void a_box_without_the_consoles_HMAC_is_refused() {
        console.sql("UPDATE secret SET accepted_mac = ?", new byte[32]);
        assertThat(runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.SECRET_UNREADABLE))
                .contains("api-keys/OPENAI_API_KEY");
    }

    @Test
    void a_box_moved_to_another_key_version_or_kind_is_refused() {
        console.deposit(vault, "OTHER", "v");
        for (String change : List.of("key = 'MOVED', key_folded = 'moved'", "version = 7", "is_secret = FALSE")) {
            console.deposit(vault, "OTHER", "v");
            console.sql("UPDATE secret SET " + change + " WHERE key = 'OTHER'");
            runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.SECRET_UNREADABLE);
            console.sql("DELETE FROM secret WHERE key <> 'OPENAI_API_KEY'");
        }
        assertThat(runner.values(runner.lease(), COMMIT)).hasSize(1);
    }

    @Test
    void a_box_that_the_console_accepted_but_that_belongs_elsewhere_does_not_open() {
        DepositBinding elsewhere = new DepositBinding(workspace, "another-vault", "K", 1, true);
        DepositBinding here = new DepositBinding(workspace, vault.id(), "K", 1, true);
        try (SecretBytes value = SecretBytes.takeFrom(new byte[] {1})) {
            console.accept(vault, here, Sealing.seal(vault.lock(), elsewhere, value));
        }
        runner.ask(runner.lease(), "worker", COMMIT).refusedWith(ProblemCode.SECRET_UNREADABLE);
    }

    @Test
    void a_lower_version_than_one_that_was_released_is_refused() {
        console.deposit(vault, "OPENAI_API_KEY", "sk-2");
        KeeperApi.ServingLease lease = runner.lease();
        runner.values(lease, COMMIT);
        console.sql("DELETE FROM secret");
        console.deposit(vault, "OPENAI_API_KEY", "sk-old");
        assertThat(runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.ROLLED_BACK))
                .contains("version 1")
                .contains("version 2");
    }

    @Test
    void another_box_under_a_version_that_was_released_is_refused() {
        KeeperApi.ServingLease lease = runner.lease();
        runner.values(lease, COMMIT);
        console.sql("DELETE FROM secret");
        console.deposit(vault, "OPENAI_API_KEY", "sk-forged");
        assertThat(runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.ROLLED_BACK))
                .contains("another box");
    }

    @Test
    void a_lease_that_is_not_the_callers_or_not_current_gives_nothing() {
        KeeperApi.ServingLease lease = runner.lease();
        RunnerRole other = runner("r2", "*");
        other.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.LEASE_LOST);
        clock.advance(Duration.ofSeconds(61));
        runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void a_queue_that_changed_since_the_lease_gives_nothing_even_before_the_runner_knows() {
        KeeperApi.ServingLease lease = runner.lease();
        console.change(queue, onBranch(queue.deployment(), "next"));
        runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.LEASE_LOST);
        console.sql("DELETE FROM release_rule");
        console.delete(queue);
        runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void a_deployment_whose_digest_does_not_fit_is_not_served() {
        KeeperApi.ServingLease lease = runner.lease();
        Deployment evil = onBranch(queue.deployment(), "evil");
        console.sql(
                "UPDATE queue SET deployment = ? WHERE id = ?",
                new String(Json.write(evil.toMap()), StandardCharsets.UTF_8),
                queue.id());
        runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.LEASE_LOST);
    }

    @Test
    void a_request_signed_by_another_key_or_altered_afterwards_is_refused() {
        KeeperApi.ServingLease lease = runner.lease();
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING);
                OpeningKey thief = OpeningKey.generate(Suite.X_WING)) {
            KeeperApi.GrantRequest good = runner.request(lease, "worker", COMMIT, oneTime);
            runner.ask(lease, runner.sign(lease, good, RunnerRole.newKey())).refusedWith(ProblemCode.FORBIDDEN);
            String stolen = RunnerRole.base64(thief.lock().publicKey());
            runner.ask(lease, with(good, stolen, good.commit(), good.expiresAt(), good.nonce()))
                    .refusedWith(ProblemCode.FORBIDDEN);
            runner.ask(lease, with(good, good.publicKey(), null, good.expiresAt(), good.nonce()))
                    .refusedWith(ProblemCode.FORBIDDEN);
            runner.ask(lease, with(good, good.publicKey(), good.commit(), good.expiresAt() + 1, good.nonce()))
                    .refusedWith(ProblemCode.FORBIDDEN);
            runner.ask(lease, with(good, good.publicKey(), good.commit(), good.expiresAt(), "another-nonce-here"))
                    .refusedWith(ProblemCode.FORBIDDEN);
            assertThat(console.audit(workspace).getLast())
                    .extracting(
                            ConsoleApi.AuditEvent::actor, ConsoleApi.AuditEvent::action, ConsoleApi.AuditEvent::outcome)
                    .containsExactly("runner:" + runner.id(), "grant", ProblemCode.FORBIDDEN.code());
        }
    }

    @Test
    void a_request_is_good_once() {
        KeeperApi.ServingLease lease = runner.lease();
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            KeeperApi.GrantRequest request = runner.request(lease, "worker", COMMIT, oneTime);
            runner.ask(lease, request).as(KeeperApi.Grant.class);
            assertThat(runner.ask(lease, request).refusedWith(ProblemCode.BAD_REQUEST))
                    .contains("used before");
        }
    }

    @Test
    void a_request_that_expired_or_lives_too_long_is_refused() {
        KeeperApi.ServingLease lease = runner.lease();
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            KeeperApi.GrantRequest good = runner.request(lease, "worker", COMMIT, oneTime);
            for (long expiresAt : new long[] {clock.millis(), clock.millis() - 1, clock.millis() + 60_001}) {
                KeeperApi.GrantRequest request = runner.sign(
                        lease, with(good, good.publicKey(), good.commit(), expiresAt, good.nonce()), runner.key);
                assertThat(runner.ask(lease, request).refusedWith(ProblemCode.BAD_REQUEST))
                        .contains("clock");
            }
        }
    }

    @Test
    void a_request_with_another_fencing_number_or_digest_is_refused() {
        KeeperApi.ServingLease lease = runner.lease();
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            KeeperApi.GrantRequest good = runner.request(lease, "worker", COMMIT, oneTime);
            KeeperApi.GrantRequest older = new KeeperApi.GrantRequest(
                    "worker",
                    good.fencing() - 1,
                    good.digest(),
                    COMMIT,
                    good.suite(),
                    good.publicKey(),
                    good.expiresAt(),
                    good.nonce(),
                    "");
            runner.ask(lease, runner.sign(lease, older, runner.key)).refusedWith(ProblemCode.LEASE_LOST);
            KeeperApi.GrantRequest other = new KeeperApi.GrantRequest(
                    "worker",
                    good.fencing(),
                    "0".repeat(64),
                    COMMIT,
                    good.suite(),
                    good.publicKey(),
                    good.expiresAt(),
                    good.nonce(),
                    "");
            runner.ask(lease, runner.sign(lease, other, runner.key)).refusedWith(ProblemCode.LEASE_LOST);
        }
    }

    @Test
    void a_revoked_runner_gets_nothing_from_that_moment() {
        KeeperApi.ServingLease lease = runner.lease();
        console.revoke(workspace, runner.id());
        runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void I2_the_grant_is_in_the_audit_and_in_the_ledger_before_it_is_answered() {
        runner.values(runner.lease(), COMMIT);
        ConsoleApi.AuditEvent event = console.audit(workspace).getLast();
        assertThat(event.action()).isEqualTo("grant");
        assertThat(event.outcome()).isEqualTo("ok");
        assertThat(event.actor()).isEqualTo("runner:" + runner.id());
        assertThat(event.object()).isEqualTo("queue:" + queue.id());
        assertThat(event.details())
                .containsEntry("secrets", "api-keys/OPENAI_API_KEY@1")
                .containsEntry("commit", COMMIT)
                .containsEntry("queue", "summarize");
        ConsoleApi.Runner shown = console.keeper()
                .send("GET", "/internal/v1/runners/" + runner.id() + "?workspaceId=" + workspace, null, null)
                .as(ConsoleApi.Runner.class);
        assertThat(shown.granted())
                .extracting(ConsoleApi.Granted::vault, ConsoleApi.Granted::key, ConsoleApi.Granted::version)
                .containsExactly(tuple("api-keys", "OPENAI_API_KEY", 1L));
    }

    @Test
    void I2_when_the_audit_can_not_be_written_nothing_is_released() {
        KeeperApi.ServingLease lease = runner.lease();
        keeperSql("ALTER TABLE audit_event RENAME TO gone");
        Wire.Answer answer = runner.ask(lease, "worker", COMMIT);
        keeperSql("ALTER TABLE gone RENAME TO audit_event");
        assertThat(answer.status()).isGreaterThanOrEqualTo(500);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("box");
    }

    @Test
    void a_refusal_is_audited_with_its_code() {
        console.disallow(vault);
        runner.ask(runner.lease(), "worker", COMMIT);
        ConsoleApi.AuditEvent event = console.audit(workspace).getLast();
        assertThat(event.action()).isEqualTo("grant");
        assertThat(event.outcome()).isEqualTo("not-released");
    }

    private static KeeperApi.GrantRequest with(
            KeeperApi.GrantRequest request,
            String publicKey,
            @org.jspecify.annotations.Nullable String commit,
            long expiresAt,
            String nonce) {
        return new KeeperApi.GrantRequest(
                request.purpose(),
                request.fencing(),
                request.digest(),
                commit,
                request.suite(),
                publicKey,
                expiresAt,
                nonce,
                request.signature());
    }
}
