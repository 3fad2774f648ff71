package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class EnrolmentTest extends KeeperTestCase {
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
        Ed25519.Signer thief = RunnerRole.newKey();
        KeeperApi.NewEnrolment mine = RunnerRole.enrolment(wire, token, "r1", thief);
        String victim = RunnerRole.base64(RunnerRole.newKey().publicKey().encoded());
        refused(new KeeperApi.NewEnrolment(token, "r1", victim, mine.proof(), "none"));
        refused(new KeeperApi.NewEnrolment(token, "other-name", mine.publicKey(), mine.proof(), "none"));
        RunnerRole.enrol(wire, token, "r1", clock);
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
        enrol(new KeeperApi.NewEnrolment(good.token(), "no spaces", good.publicKey(), good.proof(), "none"))
                .refusedWith(ProblemCode.INVALID_NAME);
        enrol(new KeeperApi.NewEnrolment(good.token(), "r1", "AAAA", good.proof(), "none"))
                .refusedWith(ProblemCode.BAD_REQUEST);
        enrol(new KeeperApi.NewEnrolment(good.token(), "r1", good.publicKey(), "!", "none"))
                .refusedWith(ProblemCode.BAD_REQUEST);
        enrol(new KeeperApi.NewEnrolment(good.token(), "r1", good.publicKey(), good.proof(), "chroot"))
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
