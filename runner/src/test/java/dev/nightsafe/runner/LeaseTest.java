package dev.nightsafe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.runner.outbound.SignInRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a runner does only for the pinned root, only within its allow list, and only while its lease lasts. */
@Tag("slow")
class LeaseTest extends RunnerTestCase {
    private static final Ed25519.Signer AUDIT = new Ed25519.Signer(Ed25519.newPrivateKey());

    @Test
    void a_serving_lease_with_a_forged_signature_is_not_served() {
        FakeKeeper.Queue queue = serve("return 1");
        keeper.servingLeases = lease -> withSignature(lease, Base64.getEncoder().encodeToString(new byte[64]));
        assertIgnored(queue);
    }

    @Test
    void heads_of_audit_chains_are_kept_and_one_that_contradicts_is_said() throws IOException {
        keeper.forgedCertificates = true;
        keeper.auditHeads = List.of(head(7));
        try (RunningRunner runner = start()) {
            runner.ready.join();
            Path file = runner.folder.resolve("runner/heads.jsonl");
            assertThat(file).as("the root didn't certify its key").doesNotExist();
            keeper.set(() -> keeper.forgedCertificates = false);
            keeper.await("a head that is kept", () -> Files.exists(file));
            keeper.set(() -> {
                keeper.auditHeads = List.of(head(4));
                keeper.standing = "";
            });
            keeper.await("what the runner says of it", () -> keeper.auditProblem != null);
            assertThat(keeper.auditProblem).contains("event 7 of chain keeper/1");
            assertThat(Files.readString(file)).contains("\"seq\":7", "\"seq\":4", "\"contradicts\":\"event 7");
        }
    }

    private static SignedHead head(long seq) {
        AuditEvent event = new AuditEvent(null, "keeper", "grant", "o", "ok", new TreeMap<>());
        ChainedEvent chained = ChainedEvent.chain("keeper/1", seq, 0, event, ChainedEvent.START);
        return SignedHead.of(chained, AUDIT.sign(chained.signedMessage()), AUDIT.publicKey());
    }

    @Test
    void a_serving_lease_whose_deployment_was_changed_is_not_served() {
        FakeKeeper.Queue queue = serve("return 1");
        keeper.servingLeases = lease -> {
            TreeMap<String, Object> changed = new TreeMap<>(lease.deployment());
            changed.put("startup_cmd", "python evil.py");
            return new KeeperApi.ServingLease(
                    lease.leaseId(),
                    lease.workspaceId(),
                    lease.site(),
                    lease.runnerId(),
                    lease.queueId(),
                    lease.queue(),
                    changed,
                    lease.digest(),
                    lease.fencing(),
                    lease.expiresAt(),
                    lease.signature());
        };
        assertIgnored(queue);
    }

    @Test
    void a_serving_lease_that_is_over_is_not_served() {
        FakeKeeper.Queue queue = serve("return 1");
        keeper.servingLease = Duration.ofSeconds(-10);
        assertIgnored(queue);
    }

    @Test
    void a_task_that_somebody_put_into_another_sub_queue_does_not_reach_the_worker() {
        FakeKeeper.Queue queue = serve("return task['payload']");
        keeper.taskLeases = lease -> new KeeperApi.TaskLease(
                lease.leaseId(),
                lease.servingLeaseId(),
                lease.taskId(),
                lease.queueId(),
                lease.queue() + ".admin",
                lease.type(),
                lease.payload(),
                lease.retryCount(),
                lease.maxRetry(),
                lease.fencing(),
                lease.expiresAt(),
                lease.signature());
        try (RunningRunner runner = start()) {
            FakeKeeper.Task changed = keeper.submit(queue, "\"original\"");
            keeper.await("the lease", () -> changed.leased);
            keeper.set(() -> keeper.taskLeases = lease -> lease);
            assertThat(String.valueOf(run(queue, "\"genuine\"").result())).isEqualTo("\"genuine\"");
            assertThat(changed.results).isEmpty();
        }
    }

    @Test
    void a_task_whose_payload_was_changed_does_not_reach_the_worker() {
        FakeKeeper.Queue queue = serve("return task['payload']");
        keeper.taskLeases = lease -> new KeeperApi.TaskLease(
                lease.leaseId(),
                lease.servingLeaseId(),
                lease.taskId(),
                lease.queueId(),
                lease.queue(),
                lease.type(),
                Json.readTree("\"changed\"".getBytes(StandardCharsets.UTF_8)),
                lease.retryCount(),
                lease.maxRetry(),
                lease.fencing(),
                lease.expiresAt(),
                lease.signature());
        try (RunningRunner runner = start()) {
            FakeKeeper.Task changed = keeper.submit(queue, "\"original\"");
            keeper.await("the lease", () -> changed.leased);
            keeper.set(() -> keeper.taskLeases = lease -> lease);
            assertThat(String.valueOf(run(queue, "\"genuine\"").result())).isEqualTo("\"genuine\"");
            assertThat(changed.results).isEmpty();
        }
    }

    @Test
    void a_grant_that_the_root_did_not_sign_starts_nothing() {
        keeper.deposit("v", "KEY", "some-value");
        FakeKeeper.Queue queue = serve("return 1", "v");
        keeper.sealedGrants = grant -> new KeeperApi.Grant("another-id", grant.box(), grant.signature());
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("isn't signed by the root");
        }
    }

    @Test
    void what_the_allow_list_does_not_name_is_refused_with_a_reason() {
        FakeKeeper.Queue queue = serve("return 1", "v");
        assertRefused(queue, "allow: {git: ['dir:" + folder + "/code'], queues: [other]}", "queue 'work'");
        assertRefused(queue, "allow: {git: ['dir:" + folder + "/code2'], queues: ['*']}", "code from 'dir:" + folder);
        assertRefused(queue, "allow: {git: ['dir:" + folder + "/code'], queues: [work], vaults: [w]}", "vault 'v'");
        assertThat(keeper.grants()).isEmpty();
    }

    @Test
    void a_grant_that_is_not_released_degrades_and_works_once_it_is() {
        keeper.deposit("v", "KEY", "some-value");
        keeper.refuseGrants = true;
        FakeKeeper.Queue queue = serve("return 'started'", "v");
        FakeKeeper.Task task = keeper.submit(queue, "{}");
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "degraded");
            assertThat(keeper.detail(queue)).contains("isn't released");
            assertThat(task.leased).isFalse();
            keeper.set(() -> keeper.refuseGrants = false);
            assertThat(keeper.result(task).outcome()).isEqualTo("succeeded");
        }
    }

    @Test
    void a_one_shot_task_whose_grant_is_refused_is_given_back_uncounted_and_runs_once_it_is_released() {
        keeper.deposit("v", "KEY", "some-value");
        FakeKeeper.Queue queue = serveOneShot("return 'started'", List.of("v"));
        try (RunningRunner runner = start()) {
            keeper.awaitState(queue, "ready");
            keeper.set(() -> keeper.refuseGrants = true);
            KeeperApi.TaskResult first = run(queue, "{}");
            assertThat(first.outcome()).isEqualTo("given-back");
            assertThat(first.error()).contains("isn't released");
            keeper.awaitState(queue, "degraded");
            FakeKeeper.Task waiting = keeper.submit(queue, "{}");
            int asked = keeper.grants().size();
            keeper.await("it asks again", () -> keeper.grants().size() >= asked + 3);
            assertThat(waiting.leased).isFalse(); // nothing is taken that can't be started
            keeper.set(() -> keeper.refuseGrants = false);
            assertThat(keeper.result(waiting).outcome()).isEqualTo("succeeded");
        }
    }

    @Test
    void a_new_deployment_drains_the_old_workers_and_starts_its_own_with_new_values() {
        keeper.deposit("v", "KEY", "old-value");
        FakeKeeper.Queue queue = serve("""
                import time
                say({"task_id": task["task_id"], "progress": "begun"})
                time.sleep(1)
                return sys.argv[1:] + [os.environ["KEY"][::-1]]""", "v");
        try (RunningRunner runner = start()) {
            FakeKeeper.Task before = keeper.submit(queue, "{}");
            keeper.await("its begin", () -> !before.progress.isEmpty());
            keeper.deposit("v", "KEY", "new-value");
            keeper.redeploy(queue, RunningRunner.deployment(folder, "python main.py second", "v"));
            assertThat(String.valueOf(keeper.result(before).result())).isEqualTo("[\"eulav-dlo\"]");
            assertThat(String.valueOf(run(queue, "{}").result())).isEqualTo("[\"second\",\"eulav-wen\"]");
        }
    }

    @Test
    void a_serving_lease_that_cannot_be_renewed_ends_its_workers_in_time() throws Exception {
        assertWorkersEndWithTheirLease();
    }

    @Test
    void I4_also_when_the_keepers_clock_is_an_hour_ahead() throws Exception {
        keeper.ahead = Duration.ofHours(1);
        assertWorkersEndWithTheirLease();
    }

    private void assertWorkersEndWithTheirLease() throws Exception {
        keeper.servingLease = Duration.ofSeconds(4);
        FakeKeeper.Queue queue = serve("return os.getpid()");
        try (RunningRunner runner = start()) {
            long pid =
                    java.util.Objects.requireNonNull(run(queue, "{}").result()).asLong();
            ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
            keeper.set(() -> keeper.broken = true);
            long began = System.nanoTime();
            worker.onExit().get();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            keeper.set(() -> keeper.broken = false);
            var first = run(queue, "{}");
            if (first.outcome().equals("given-back")) { // it came just as the worker ended
                first = run(queue, "{}");
            }
            assertThat(first.outcome()).isEqualTo("succeeded");
        }
    }

    @Test
    void a_lease_is_renewed_as_long_as_the_keeper_answers() {
        keeper.servingLease = Duration.ofSeconds(3);
        FakeKeeper.Queue queue = serve("import time; time.sleep(4); return os.getpid()");
        try (RunningRunner runner = start()) {
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
            assertThat(keeper.grants()).hasSize(1);
        }
    }

    @Test
    void a_keeper_that_forgot_the_access_token_is_signed_in_to_again() {
        FakeKeeper.Queue queue = serve("return 1");
        try (RunningRunner runner = start()) {
            run(queue, "{}");
            keeper.forgetAccessTokens();
            assertThat(run(queue, "{}").outcome()).isEqualTo("succeeded");
            assertThat(keeper.signIns).isEqualTo(2);
        }
    }

    @Test
    void a_revoked_runner_ends_its_workers_and_stops() {
        FakeKeeper.Queue queue = serve("return os.getpid()");
        RunningRunner runner = start();
        long pid = java.util.Objects.requireNonNull(run(queue, "{}").result()).asLong();
        keeper.set(() -> keeper.revoked = true);
        keeper.forgetAccessTokens();
        keeper.submit(queue, "{}");
        assertThat(runner.awaitEnd()).isInstanceOf(SignInRefused.class);
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
    }

    @Test
    void a_second_start_needs_no_token_and_makes_no_enrolment() {
        serve("return 1");
        try (RunningRunner runner = start()) {
            runner.ready.join();
        }
        String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: [], queues: []}";
        try (RunningRunner again = RunningRunner.with(folder, java.util.Map.of(), yaml, "")) {
            assertThat(again.ready.join()).contains("at site site-1, isolation none");
        }
        assertThat(keeper.calls().stream().filter("POST /v1/enrolments"::equals))
                .hasSize(1);
    }

    @Test
    void an_enrolment_whose_answer_was_lost_is_repeated_with_the_same_key() throws Exception {
        serve("return 1");
        String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: [], queues: []}";
        keeper.loseEnrolmentAnswer = true;
        assertThat(RunningRunner.with(folder, java.util.Map.of(), yaml, keeper.token)
                        .awaitEnd())
                .hasMessageContaining("the answer was lost");
        Ed25519.PublicKey offered = keeper.runnerKey();
        assertThat(Files.exists(folder.resolve("runner/enrolment.json"))).isFalse();
        keeper.loseEnrolmentAnswer = false;
        try (RunningRunner again = RunningRunner.with(folder, java.util.Map.of(), yaml, keeper.token)) {
            assertThat(again.ready.join()).contains("at site site-1");
            assertThat(keeper.runnerKey()).isEqualTo(offered);
            try (var files = Files.list(folder.resolve("runner"))) {
                assertThat(files)
                        .noneMatch(file -> file.getFileName().toString().startsWith("offered-"));
            }
        }
    }

    @Test
    void the_identity_is_private() throws Exception {
        serve("return 1");
        try (RunningRunner runner = start()) {
            runner.ready.join();
            for (String file : List.of("identity.key", "enrolment.json", "sent.jsonl")) {
                assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(
                                folder.resolve("runner").resolve(file))))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void the_enrolment_token_stays_on_this_machine() {
        serve("return 1");
        try (RunningRunner runner = start()) {
            runner.ready.join();
            String randomness = keeper.token.substring(4, 68);
            assertThat(keeper.everything()).doesNotContain(keeper.token, randomness);
            assertThat(runner.sent()).doesNotContain(randomness);
        }
    }

    @Test
    void a_token_that_is_refused_leaves_the_runner_what_it_was() throws Exception {
        serve("return 1");
        try (RunningRunner runner = start()) {
            runner.ready.join();
        }
        byte[] identity = Files.readAllBytes(folder.resolve("runner/identity.key"));
        keeper.refuseEnrolments = true;
        String other = OpaqueToken.generate(
                OpaqueToken.ENROLMENT, OpaqueToken.suffix(keeper.token).orElseThrow());
        String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: [], queues: []}";
        assertThat(RunningRunner.with(folder, java.util.Map.of(), yaml, other).awaitEnd())
                .hasMessageContaining("no");
        assertThat(Files.readAllBytes(folder.resolve("runner/identity.key"))).isEqualTo(identity);
        try (RunningRunner again = RunningRunner.with(folder, java.util.Map.of(), yaml, "")) {
            assertThat(again.ready.join()).contains("at site site-1");
        }
    }

    @Test
    void a_keeper_with_another_root_than_the_tokens_is_not_enrolled_at() {
        try (FakeKeeper other = new FakeKeeper()) {
            String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: [], queues: []}";
            RunningRunner runner = RunningRunner.with(folder, java.util.Map.of(), yaml, other.token);
            assertThat(runner.awaitEnd()).hasMessageContaining("the token is for sha256:");
            assertThat(keeper.calls()).containsOnly("GET /v1/root");
        }
    }

    @Test
    void a_damaged_token_or_none_is_said_before_anything_is_sent() {
        String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: [], queues: []}";
        RunningRunner damaged = RunningRunner.with(folder, java.util.Map.of(), yaml, keeper.token.substring(1));
        assertThat(damaged.awaitEnd()).hasMessageContaining("no enrolment token");
        RunningRunner none = RunningRunner.with(folder, java.util.Map.of(), yaml, "");
        assertThat(none.awaitEnd()).hasMessageContaining("isn't enrolled");
        assertThat(keeper.calls()).isEmpty();
    }

    @Test
    void two_runners_do_not_share_a_folder() {
        serve("return 1");
        try (RunningRunner runner = start()) {
            runner.ready.join();
            String yaml = "keeper: " + keeper.address() + "\nisolation: none\nallow: {git: [], queues: []}";
            RunningRunner second = RunningRunner.with(folder, java.util.Map.of(), yaml, "");
            assertThat(second.awaitEnd()).hasMessageContaining("a runner is using");
        }
    }

    @Test
    void a_queue_that_is_taken_away_is_drained() {
        FakeKeeper.Queue queue = serve("return os.getpid()");
        try (RunningRunner runner = start()) {
            run(queue, "{}");
            keeper.remove(queue);
            keeper.await("the lease given back", () -> keeper.calls().contains("DELETE /v1/serving/" + queue.leaseId));
        }
    }

    private void assertIgnored(FakeKeeper.Queue queue) {
        FakeKeeper.Queue other = keeper.serve(
                "other",
                RunningRunner.deployment(
                        "dir:/nowhere", "python main.py", Deployment.Mode.LONG_RUNNING, List.of(), List.of()));
        var tampered = keeper.servingLeases;
        keeper.servingLeases = lease -> lease.queue().equals("work") ? tampered.apply(lease) : lease;
        boolean expired = keeper.servingLease.isNegative();
        try (RunningRunner runner = start()) {
            runner.ready.join();
            if (expired) {
                keeper.set(() -> keeper.servingLease = Duration.ofSeconds(30));
                keeper.awaitState(queue, "ready");
                return;
            }
            keeper.awaitState(other, "refused"); // so that an answer was worked through
            assertThat(queue.reported).isNull();
            assertThat(keeper.grants()).isEmpty();
        }
    }

    private void assertRefused(FakeKeeper.Queue queue, String allow, String reason) {
        queue.reported = null;
        try (RunningRunner runner =
                RunningRunner.start(folder, keeper, "isolation: none\n" + allow, RunningRunner.QUICK)) {
            keeper.awaitState(queue, "refused");
            assertThat(keeper.detail(queue)).contains(reason).contains("runner.yaml");
        }
    }

    private static KeeperApi.ServingLease withSignature(KeeperApi.ServingLease lease, String signature) {
        return new KeeperApi.ServingLease(
                lease.leaseId(),
                lease.workspaceId(),
                lease.site(),
                lease.runnerId(),
                lease.queueId(),
                lease.queue(),
                lease.deployment(),
                lease.digest(),
                lease.fencing(),
                lease.expiresAt(),
                signature);
    }
}
