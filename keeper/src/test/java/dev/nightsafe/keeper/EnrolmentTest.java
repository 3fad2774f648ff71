package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnrolmentTest extends KeeperTestCase {
    /** Refusals are audited up to a bound, which other tests may have reached. */
    @BeforeEach
    void roomForRefusals() {
        clock.advance(Duration.ofSeconds(20));
    }

    @Test
    void a_token_makes_one_runner_with_its_site_and_queues() {
        RunnerRole runner = RunnerRole.enrol(wire, console.enrolmentToken(workspace, "paris", "a", "b"), "r1", clock);
        assertThat(runner.enrolled.workspaceId()).isEqualTo(workspace);
        assertThat(runner.enrolled.site()).isEqualTo("paris");
        assertThat(runner.enrolled.queues()).containsExactly("a", "b");
        assertThat(runner.root.fingerprint()).isEqualTo(keeper.rootFingerprint());
        ConsoleApi.AuditEvent event = console.audit(workspace).getLast();
        assertThat(event.action()).isEqualTo("runner.enrol");
        assertThat(event.object()).isEqualTo("runner:" + runner.id());
    }

    @Test
    void a_token_names_its_keeper() {
        String token = console.enrolmentToken(workspace, "home", "*");
        assertThat(OpaqueToken.suffix(token)).contains(keeper.rootFingerprint().substring("sha256:".length()));
    }

    @Test
    void a_token_is_good_once() {
        String token = console.enrolmentToken(workspace, "home", "*");
        RunnerRole.enrol(wire, token, "r1", clock);
        refused(RunnerRole.enrolment(wire, token, "r2", RunnerRole.newKey()));
    }

    @Test
    void a_runner_whose_answer_was_lost_gets_it_again_and_nobody_else_does() {
        String token = console.enrolmentToken(workspace, "paris", 60, "a");
        Ed25519.Signer key = RunnerRole.newKey();
        KeeperApi.NewEnrolment asked = RunnerRole.enrolment(wire, token, "r1", key);
        KeeperApi.Enrolled first = enrol(asked).as(KeeperApi.Enrolled.class);
        clock.advance(Duration.ofSeconds(60));
        assertThat(enrol(asked).as(KeeperApi.Enrolled.class)).isEqualTo(first);
        assertThat(console.audit(workspace).stream()
                        .filter(event -> event.action().equals("runner.enrol")
                                && event.outcome().equals("ok")))
                .hasSize(1);

        refused(RunnerRole.enrolment(wire, token, "r2", key));
        refused(RunnerRole.enrolment(wire, token, "r1", RunnerRole.newKey()));
        console.revoke(workspace, first.runnerId());
        refused(asked);
        String other = console.enrolmentToken(workspace, "paris", "a");
        enrol(RunnerRole.enrolment(wire, other, "r1", key)).refusedWith(ProblemCode.ALREADY_EXISTS);
    }

    @Test
    void of_many_that_use_a_token_at_once_one_is_enrolled() throws Exception {
        String token = console.enrolmentToken(workspace, "home", "*");
        int many = 16;
        CountDownLatch together = new CountDownLatch(many);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                KeeperApi.NewEnrolment enrolment = RunnerRole.enrolment(wire, token, "r" + i, RunnerRole.newKey());
                answers.add(executor.submit(() -> {
                    together.countDown();
                    together.await();
                    return wire.send("POST", "/v1/enrolments", enrolment, null).status();
                }));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
            assertThat(statuses).containsOnlyOnce(200);
            assertThat(statuses.stream().filter(status -> status == 401)).hasSize(many - 1);
        }
    }

    @Test
    void an_expired_token_is_refused() {
        String token = console.enrolmentToken(workspace, "home", 60, "*");
        clock.advance(Duration.ofSeconds(60));
        refused(RunnerRole.enrolment(wire, token, "r1", RunnerRole.newKey()));
    }

    @Test
    void a_token_that_nobody_made_is_refused_like_a_spent_one() {
        String suffix = keeper.rootFingerprint().substring("sha256:".length());
        String unknown = refused(RunnerRole.enrolment(
                wire, OpaqueToken.generate(OpaqueToken.ENROLMENT, suffix), "r1", RunnerRole.newKey()));
        String elsewhere = refused(RunnerRole.enrolment(
                wire, OpaqueToken.generate(OpaqueToken.ENROLMENT, "0".repeat(64)), "r1", RunnerRole.newKey()));
        String spent = console.enrolmentToken(workspace, "home", "*");
        RunnerRole.enrol(wire, spent, "r1", clock);
        String again = refused(RunnerRole.enrolment(wire, spent, "r1", RunnerRole.newKey()));
        assertThat(List.of(elsewhere, again)).containsOnly(unknown);
    }

    @Test
    void a_key_that_the_runner_does_not_possess_is_refused_and_the_token_stays_good() {
        String token = console.enrolmentToken(workspace, "home", "*");
        KeeperApi.NewEnrolment mine = RunnerRole.enrolment(wire, token, "r1", RunnerRole.newKey());
        String victim = RunnerRole.base64(RunnerRole.newKey().publicKey().encoded());
        refused(changed(mine, "r1", "none", victim));
        refused(changed(mine, "other-name", "none", mine.publicKey()));
        refused(changed(mine, "r1", "user", mine.publicKey()));
        RunnerRole.enrol(wire, token, "r1", clock);
    }

    @Test
    void the_token_does_not_travel_and_what_travels_enrols_nobody_else() {
        String token = console.enrolmentToken(workspace, "home", "*");
        Ed25519.Signer runner = RunnerRole.newKey();
        KeeperApi.NewEnrolment seen = RunnerRole.enrolment(wire, token, "r1", runner);
        assertThat(new String(Json.write(seen), StandardCharsets.UTF_8)).doesNotContain(token, token.substring(4, 68));

        Ed25519.Signer thief = RunnerRole.newKey();
        String root = keeper.rootFingerprint();
        KeeperApi.NewEnrolment own = RunnerRole.enrolment(root, RunnerRole.newKey(), "r1", thief);
        refused(own);
        refused(new KeeperApi.NewEnrolment(
                seen.tokenKey(), "r1", "none", own.publicKey(), seen.tokenProof(), own.proof()));
        refused(new KeeperApi.NewEnrolment(
                seen.tokenKey(), "r1", "none", own.publicKey(), own.tokenProof(), own.proof()));
        String elsewhere = "sha256:" + "0".repeat(64);
        refused(RunnerRole.enrolment(elsewhere, EnrolmentKey.of(token), "r1", runner));

        enrol(seen).as(KeeperApi.Enrolled.class);
    }

    @Test
    void an_enrolment_that_is_refused_is_audited_with_the_reason() {
        String token = console.enrolmentToken(workspace, "home", 60, "*");
        RunnerRole.enrol(wire, token, "r1", clock);
        refused(RunnerRole.enrolment(wire, token, "r2", RunnerRole.newKey()));
        refusalSays("used before");

        String late = console.enrolmentToken(workspace, "home", 60, "*");
        clock.advance(Duration.ofSeconds(60));
        refused(RunnerRole.enrolment(wire, late, "r3", RunnerRole.newKey()));
        refusalSays("expired");
    }

    @Test
    void a_token_that_somebody_altered_or_wrote_into_the_table_is_refused_and_that_is_audited() {
        for (String change : List.of(
                "workspace_id = '" + console.workspace("ws-" + Ids.next()) + "'",
                "site = 'paris'",
                "queues = '[\"*\"]'",
                "expires_at = expires_at + 1",
                "created_at = created_at - 1")) {
            String token = console.enrolmentToken(workspace, "home", "a");
            keeperSql("UPDATE enrolment_token SET " + change + " WHERE id = '" + id() + "'");
            refused(RunnerRole.enrolment(wire, token, "r1", RunnerRole.newKey()));
        }
        console.enrolmentToken(workspace, "home", "a");
        Ed25519.Signer own = RunnerRole.newKey();
        keeperCopies(
                "enrolment_token",
                id(),
                Map.of("id", Ids.next(), "token_key", own.publicKey().encoded(), "queues", "[\"*\"]"));
        refused(RunnerRole.enrolment(keeper.rootFingerprint(), own, "r1", RunnerRole.newKey()));
        refusalSays("altered");
    }

    @Test
    void a_used_token_cannot_be_made_good_again() {
        String token = console.enrolmentToken(workspace, "home", "*");
        String id = id();
        RunnerRole.enrol(wire, token, "r1", clock);
        keeperSql("UPDATE enrolment_token SET used_at = NULL WHERE id = '" + id + "'");
        refused(RunnerRole.enrolment(wire, token, "r2", RunnerRole.newKey()));
        refusalSays("altered");
    }

    /** The newest token's. */
    private String id() {
        return console.audit(workspace).stream()
                .filter(event -> event.action().equals("enrolment-token.create"))
                .toList()
                .getLast()
                .object()
                .substring("enrolment-token:".length());
    }

    private void refusalSays(String problem) {
        ConsoleApi.AuditEvent event = console.audit(workspace).getLast();
        assertThat(event.action()).isEqualTo("runner.enrol");
        assertThat(event.outcome()).isEqualTo(ProblemCode.UNAUTHENTICATED.code());
        assertThat(event.details().get("problem")).contains(problem);
    }

    private static KeeperApi.NewEnrolment changed(
            KeeperApi.NewEnrolment given, String name, String isolation, String publicKey) {
        return new KeeperApi.NewEnrolment(
                given.tokenKey(), name, isolation, publicKey, given.tokenProof(), given.proof());
    }

    @Test
    void a_key_is_enrolled_once_and_the_second_token_stays_good() {
        Ed25519.Signer key = RunnerRole.newKey();
        String first = console.enrolmentToken(workspace, "home", "*");
        wire.send("POST", "/v1/enrolments", RunnerRole.enrolment(wire, first, "r1", key), null)
                .as(KeeperApi.Enrolled.class);
        String second = console.enrolmentToken(workspace, "home", "*");
        wire.send("POST", "/v1/enrolments", RunnerRole.enrolment(wire, second, "r2", key), null)
                .refusedWith(ProblemCode.ALREADY_EXISTS);
        RunnerRole.enrol(wire, second, "r2", clock);
    }

    @Test
    void malformed_enrolments_say_what_is_wrong() {
        KeeperApi.NewEnrolment good =
                RunnerRole.enrolment(wire, console.enrolmentToken(workspace, "home", "*"), "r1", RunnerRole.newKey());
        enrol(changed(good, "no spaces", "none", good.publicKey())).refusedWith(ProblemCode.INVALID_NAME);
        enrol(changed(good, "r1", "chroot", good.publicKey())).refusedWith(ProblemCode.BAD_REQUEST);
        enrol(changed(good, "r1", "none", "AAAA")).refusedWith(ProblemCode.BAD_REQUEST);
        enrol(new KeeperApi.NewEnrolment(good.tokenKey(), "r1", "none", good.publicKey(), good.tokenProof(), "!"))
                .refusedWith(ProblemCode.BAD_REQUEST);
        enrol(new KeeperApi.NewEnrolment("", "r1", "none", good.publicKey(), good.tokenProof(), good.proof()))
                .refusedWith(ProblemCode.BAD_REQUEST);
    }

    @Test
    void enrolment_tokens_are_checked_when_they_are_made() {
        make(new InternalApi.NewEnrolmentToken(workspace, "../site", List.of("*"), 600, "a"))
                .refusedWith(ProblemCode.INVALID_NAME);
        make(new InternalApi.NewEnrolmentToken(workspace, "home", List.of(), 600, "a"))
                .refusedWith(ProblemCode.BAD_REQUEST);
        make(new InternalApi.NewEnrolmentToken(workspace, "home", List.of("a b"), 600, "a"))
                .refusedWith(ProblemCode.INVALID_NAME);
        make(new InternalApi.NewEnrolmentToken(workspace, "home", List.of("*"), 0, "a"))
                .refusedWith(ProblemCode.BAD_REQUEST);
    }

    private Wire.Answer make(InternalApi.NewEnrolmentToken token) {
        return console.keeper().send("POST", "/internal/v1/enrolment-tokens", token, null);
    }

    private Wire.Answer enrol(KeeperApi.NewEnrolment enrolment) {
        return wire.send("POST", "/v1/enrolments", enrolment, null);
    }

    private String refused(KeeperApi.NewEnrolment enrolment) {
        return enrol(enrolment).refusedWith(ProblemCode.UNAUTHENTICATED);
    }
}
