package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Heads of audit chains that others keep. */
class AuditWitnessTest extends KeeperTestCase {
    private static final String HEADS = "/internal/v1/audit/heads";
    private static final Ed25519.Signer CONSOLE = RunnerRole.newKey();

    @Test
    void a_runner_gets_each_new_head_once_certified_by_the_root() {
        RunnerRole runner = runner("r1", "*");
        KeeperApi.AuditHead told = head(runner, List.of());
        assertThat(told.head().isSignedFor("keeper/1")).isTrue();
        byte[] key = SignedMessages.auditKey("keeper/1", told.head().key());
        assertThat(runner.root.verifies(key, RunnerRole.decode(told.certificate())))
                .isTrue();
        SeenHead kept = told.head().seen();
        assertThat(poll(runner, List.of(kept), null).heads())
                .noneMatch(head -> head.head().chain().equals("keeper/1"));
        console.enrolmentToken(workspace, "home", "*"); // something to audit
        KeeperApi.AuditHead next = head(runner, List.of(kept));
        assertThat(next.head().seq()).isGreaterThan(kept.seq());
        assertThat(next.standing()).isEqualTo(kept.hash());
    }

    @Test
    void a_runner_is_told_whether_what_it_kept_stands_and_no_hash_that_it_does_not_have() {
        RunnerRole runner = runner("r1", "*");
        SeenHead now = head(runner, List.of()).head().seen();
        SeenHead another = new SeenHead("keeper/1", now.seq(), "0".repeat(64));
        assertThat(head(runner, List.of(another)).standing()).isEqualTo("0".repeat(64));
        SeenHead guessed = new SeenHead("keeper/1", 1, "1".repeat(64));
        assertThat(head(runner, List.of(guessed)).standing()).isEqualTo("0".repeat(64));
        assertThat(head(runner, List.of(new SeenHead("keeper/1", 1_000_000, now.hash())))
                        .standing())
                .isEmpty();
    }

    @Test
    void what_a_runner_finds_wrong_is_shown_and_audited_once() {
        RunnerRole runner = runner("r1", "*");
        poll(runner, List.of(), "event 7 of chain keeper/1 is missing");
        poll(runner, List.of(), "event 7 of chain keeper/1 is missing");
        assertThat(shown(runner).auditProblem()).isEqualTo("event 7 of chain keeper/1 is missing");
        assertThat(console.audit(workspace))
                .filteredOn(event -> event.action().equals("audit.head-contradicted"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.actor()).isEqualTo("runner:" + runner.id());
                    assertThat(event.outcome()).isEqualTo(ProblemCode.ROLLED_BACK.code());
                    assertThat(event.details()).containsEntry("problem", "event 7 of chain keeper/1 is missing");
                });
        poll(runner, List.of(), null);
        assertThat(shown(runner).auditProblem()).isNull();
    }

    @Test
    void what_one_runner_says_leaves_room_for_what_others_find() {
        RunnerRole noisy = runner("r1", "*");
        for (int i = 0; i < 30; i++) {
            poll(noisy, List.of(), "event " + i + " of chain keeper/1 is missing");
        }
        RunnerRole other = runner("r2", "*");
        poll(other, List.of(), "event 7 of chain keeper/1 is missing");
        List<ConsoleApi.AuditEvent> told = console.audit(workspace).stream()
                .filter(event -> event.action().equals("audit.head-contradicted"))
                .toList();
        assertThat(told)
                .filteredOn(event -> event.actor().equals("runner:" + other.id()))
                .hasSize(1);
        assertThat(told)
                .filteredOn(event -> event.actor().equals("runner:" + noisy.id()))
                .hasSize(20);
    }

    @Test
    void the_consoles_head_is_recorded_and_a_lower_one_is_a_contradiction() {
        assertThat(tell(head(CONSOLE, 5, "a"), null).status()).isEqualTo(200);
        assertThat(tell(head(CONSOLE, 5, "a"), null).status()).isEqualTo(200);
        InternalApi.ToldHead told =
                console.keeper().send("GET", HEADS + "?at=1", null, null).as(InternalApi.ToldHead.class);
        assertThat(told.known()).isEqualTo(head(CONSOLE, 5, "a").seen());
        assertThat(told.standing()).hasSize(64);
        assertThat(tell(head(CONSOLE, 9, "b"), head(CONSOLE, 5, "a").hash()).status())
                .isEqualTo(200);
        assertThat(recorded("audit.head-seen")).isEqualTo("2");
        assertThat(status().auditProblem()).isNull();
        RunnerRole runner = runner("r1", "*");
        clock.advance(Duration.ofMinutes(1));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            while (poll(runner, List.of(), null).heads().stream()
                    .noneMatch(head -> head.head().equals(head(CONSOLE, 9, "b")))) {
                Thread.onSpinWait();
            }
        });

        SignedHead forged = head(CONSOLE, 12, "c");
        SignedHead moved = new SignedHead("console/1", 13, forged.hash(), forged.signature(), forged.key());
        tell(moved, null).refusedWith(ProblemCode.BAD_REQUEST);
        assertThat(tell(head(CONSOLE, 7, "x"), "").status()).isEqualTo(200);
        assertThat(recorded("audit.head-contradicted")).isEqualTo("1");
        assertThat(status().auditProblem()).contains("event 9 of chain console/1", "missing");
        assertThat(console.keeper()
                        .send("GET", "/internal/v1/audit/verification", null, null)
                        .as(InternalApi.Verification.class)
                        .chain()
                        .brokenAt())
                .isNull();
    }

    /** I2, with an end: 10 s until it is begun, and 5 s for the lock. */
    @Test
    void a_grant_is_refused_in_time_when_its_audit_event_can_not_be_written() throws SQLException {
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.deposit(vault, "KEY", "value");
        ConsoleRole.Queue queue = console.queue(workspace, "q", deployment(vault));
        console.allow(vault, queue);
        RunnerRole runner = runner("r1", "q");
        KeeperApi.ServingLease lease = runner.lease();
        try (Connection intruder = connect();
                Statement statement = intruder.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            long before = System.nanoTime();
            Wire.Answer refused = runner.ask(lease, "worker", null);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(25));
            assertThat(refused.status()).isEqualTo(503);
            statement.execute("ROLLBACK");
        }
        assertThat(keeperRow("SELECT count(*) FROM granted WHERE runner_id = '" + runner.id() + "'"))
                .contains("0");
        assertThat(runner.values(lease, null)).containsExactly("v/KEY@1=value");
    }

    @Test
    void the_chain_is_exported_whole_page_by_page() {
        runner("r1", "*");
        ConsoleApi.AuditPage first = page("?limit=1");
        ConsoleApi.AuditPage second = page("?limit=1000&after=1");
        assertThat(first.events()).hasSize(1);
        assertThat(second.events().getFirst().seq()).isEqualTo(2);
        assertThat(second.events()).allSatisfy(line -> {
            assertThat(line.event().event().isIntact()).isTrue();
        });
        assertThat(second.head()).isNotNull();
        assertThat(page("?from=" + Long.MAX_VALUE).events()).isEmpty();
    }

    private ConsoleApi.AuditPage page(String query) {
        return console.keeper()
                .send("GET", "/internal/v1/audit/export" + query, null, null)
                .as(ConsoleApi.AuditPage.class);
    }

    private Wire.Answer tell(SignedHead head, @Nullable String standing) {
        return console.keeper().send("POST", HEADS, new InternalApi.TellHead(head, standing), null);
    }

    private InternalApi.Status status() {
        return console.keeper().send("GET", "/internal/v1/status", null, null).as(InternalApi.Status.class);
    }

    private String recorded(String action) {
        return keeperRow("SELECT count(*) FROM audit_event WHERE workspace_id IS NULL AND action = '" + action + "'")
                .orElseThrow();
    }

    /** The keeper's head as soon as it is another than the runner's: new ones come once a minute. */
    private KeeperApi.AuditHead head(RunnerRole runner, List<SeenHead> kept) {
        clock.advance(Duration.ofMinutes(1));
        return Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            while (true) {
                for (KeeperApi.AuditHead head : poll(runner, kept, null).heads()) {
                    if (head.head().chain().equals("keeper/1")) {
                        return head;
                    }
                }
            }
        });
    }

    private static KeeperApi.Serving poll(RunnerRole runner, List<SeenHead> kept, @Nullable String problem) {
        return runner.signInAgain()
                .send("POST", "/v1/serving", new KeeperApi.ServingRequest(List.of(), "", 0, "none", kept, problem))
                .as(KeeperApi.Serving.class);
    }

    private ConsoleApi.Runner shown(RunnerRole runner) {
        return console.keeper()
                .send("GET", "/internal/v1/runners/" + runner.id() + "?workspaceId=" + workspace, null, null)
                .as(ConsoleApi.Runner.class);
    }

    private static SignedHead head(Ed25519.Signer key, long seq, String action) {
        AuditEvent event = new AuditEvent(null, "console", action, "o", "ok", new TreeMap<>());
        ChainedEvent chained = ChainedEvent.chain("console/1", seq, 0, event, ChainedEvent.START);
        return new SignedHead(
                "console/1",
                seq,
                chained.hash(),
                Base64.getEncoder().encodeToString(key.sign(chained.signedMessage())),
                Base64.getEncoder().encodeToString(key.publicKey().encoded()));
    }
}
