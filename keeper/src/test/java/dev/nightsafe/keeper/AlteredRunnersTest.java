package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody gets who can write the keeper's database and nothing else. */
class AlteredRunnersTest extends KeeperTestCase {
    private ConsoleRole.Vault vault;
    private ConsoleRole.Queue queue;
    private RunnerRole runner;

    @BeforeEach
    void release() {
        clock.advance(Duration.ofSeconds(20)); // refusals are audited up to a bound, which other tests may have reached
        vault = console.vault(workspace, "api-keys");
        console.deposit(vault, "OPENAI_API_KEY", "sk-1");
        queue = console.queue(workspace, "summarize", deployment(vault));
        console.allow(vault, queue);
        runner = runner("r1", "summarize");
    }

    @Test
    void a_runner_that_somebody_wrote_into_the_table_gets_no_access_token_and_that_is_audited() {
        Ed25519.Signer own = RunnerRole.newKey();
        String id = Ids.next();
        keeperCopies(
                "runner",
                runner.id(),
                Map.of("id", id, "public_key", own.publicKey().encoded(), "queues", "[\"*\"]"));
        RunnerRole thief = runner.posingAs(id, own);

        refused(thief);

        assertThat(altered("runner:" + id).outcome()).isEqualTo(ProblemCode.UNAUTHENTICATED.code());
        runner.signIn(runner.assertion(runner.claims())).as(KeeperApi.AccessToken.class);
    }

    @Test
    void a_key_that_somebody_put_in_the_place_of_the_enrolled_one_signs_nobody_in() throws Exception {
        Ed25519.Signer own = RunnerRole.newKey();
        try (var connection = connect();
                var update = connection.prepareStatement("UPDATE runner SET public_key = ? WHERE id = ?")) {
            update.setBytes(1, own.publicKey().encoded());
            update.setString(2, runner.id());
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
        refused(runner.posingAs(runner.id(), own));
        refused(runner);
    }

    @Test
    void whoever_a_runner_is_and_what_it_may_serve_cannot_be_altered() {
        for (String change : List.of(
                "workspace_id = '" + console.workspace("ws-" + Ids.next()) + "'",
                "name = 'r2'",
                "site = 'paris'",
                "queues = '[\"*\"]'",
                "enrolled_at = enrolled_at - 1",
                "revoked_at = 1")) {
            RunnerRole altered = runner("r", "summarize");
            altered.signIn(altered.assertion(altered.claims())).as(KeeperApi.AccessToken.class);
            update(altered, change);
            refused(altered);
        }
    }

    @Test
    void an_access_token_ends_when_its_runner_is_altered() {
        KeeperApi.ServingLease lease = runner.lease();
        assertThat(runner.values(lease, COMMIT)).hasSize(1);
        update(runner, "queues = '[\"*\"]'");
        runner.ask(lease, "worker", COMMIT).refusedWith(ProblemCode.UNAUTHENTICATED);
        altered("runner:" + runner.id());
    }

    @Test
    void a_revoked_runner_cannot_be_made_good_again() {
        console.revoke(workspace, runner.id());
        update(runner, "revoked_at = NULL");
        refused(runner);
    }

    @Test
    void revoking_an_altered_runner_does_not_make_it_genuine() {
        update(runner, "site = 'paris'");
        assertThat(console.revoke(workspace, runner.id()).state()).isEqualTo("revoked");
        update(runner, "revoked_at = NULL");
        refused(runner);
    }

    @Test
    void what_a_runner_says_of_itself_decides_nothing_and_may_change() {
        runner.lease();
        update(runner, "isolation = 'user', last_seen_at = 1");
        assertThat(runner.values(runner.lease(), COMMIT)).hasSize(1);
    }

    @Test
    void I3_a_lease_that_somebody_wrote_for_a_queue_the_runner_is_not_enrolled_for_gives_nothing() {
        ConsoleRole.Vault other = console.vault(workspace, "other");
        console.deposit(other, "KEY", "v");
        ConsoleRole.Queue foreign = console.queue(workspace, "foreign", deployment(other));
        console.allow(other, foreign);
        KeeperApi.ServingLease theirs = runner("r2", "foreign").lease();
        KeeperApi.ServingLease mine = runner.lease();
        update(
                "serving_lease",
                mine.leaseId(),
                "queue_id = '" + theirs.queueId() + "', queue_name = 'foreign', digest = '" + theirs.digest()
                        + "', fencing = " + theirs.fencing());
        KeeperApi.ServingLease written = new KeeperApi.ServingLease(
                mine.leaseId(),
                workspace,
                mine.site(),
                runner.id(),
                theirs.queueId(),
                "foreign",
                theirs.deployment(),
                theirs.digest(),
                theirs.fencing(),
                mine.expiresAt(),
                "");
        runner.ask(written, "worker", COMMIT).refusedWith(ProblemCode.LEASE_LOST);
    }

    private void refused(RunnerRole who) {
        who.signIn(who.assertion(who.claims())).refusedWith(ProblemCode.UNAUTHENTICATED);
    }

    private void update(RunnerRole which, String change) {
        update("runner", which.id(), change);
    }

    private void update(String table, String id, String change) {
        keeperSql("UPDATE " + table + " SET " + change + " WHERE id = '" + id + "'");
    }

    /** The event that says that this was altered. */
    private ConsoleApi.AuditEvent altered(String object) {
        return console.audit(workspace).stream()
                .filter(event -> event.object().equals(object)
                        && event.details().getOrDefault("problem", "").contains("altered"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not audited: " + object));
    }
}
