package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.console.audit.HeadExchange;
import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.AuditVerifier;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.AuditLine;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;

class AuditTest {
    private static final String AUDIT = RunningConsole.DEFAULT + "/audit";

    @TempDir
    Path home;

    RunningConsole console;

    Engine engine() {
        return Engine.SQLITE;
    }

    @BeforeEach
    void start() throws IOException {
        console = new RunningConsole(home, engine());
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void both_chains_are_merged_newest_last() {
        console.vault("default", "v");
        List<ConsoleApi.AuditEvent> events = tail(console.first(), "");
        assertThat(events).extracting(ConsoleApi.AuditEvent::chain).contains("console/1", "keeper/1");
        assertThat(events)
                .isSortedAccordingTo(java.util.Comparator.comparing(event -> java.time.Instant.parse(event.at())));
        assertThat(tail(console.first(), "?limit=1")).hasSize(1);
        assertThat(tail(console.first(), "?chain=console"))
                .extracting(ConsoleApi.AuditEvent::chain)
                .containsOnly("console/1");
        assertThat(tail(console.first(), "?chain=keeper"))
                .extracting(ConsoleApi.AuditEvent::chain)
                .containsOnly("keeper/1");
        console.call("GET", AUDIT + "?chain=other", console.first(), null).is(ProblemCode.BAD_REQUEST);
        console.call("GET", AUDIT + "?limit=1001", console.first(), null).is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_workspaces_token_sees_its_workspaces_events_alone() {
        console.workspace("other");
        console.vault("other", "theirs");
        console.vault("default", "ours");
        String auditor = console.token("default", Permission.AUDIT_READ);
        String told =
                console.call("GET", AUDIT + "?chain=console", auditor, null).text();
        assertThat(told).contains("ours").doesNotContain("theirs", "\"other\"");
    }

    @Test
    void both_chains_are_verified() {
        console.vault("default", "v");
        ConsoleApi.Items<ConsoleApi.ChainVerification> chains = console.call(
                        "GET", AUDIT + "/verification", console.first(), null)
                .as(new TypeReference<>() {});
        assertThat(chains.items())
                .hasSize(2)
                .allSatisfy(chain -> assertThat(chain.brokenAt()).isNull());
        assertThat(chains.items().getFirst().events()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void a_chain_without_the_head_that_somebody_remembers_is_broken_there() {
        console.vault("default", "v");
        ConsoleApi.ChainVerification whole = verified("?chain=console");
        String head = whole.chain() + ":" + whole.events() + ":" + whole.head();
        console.vault("default", "later");
        assertThat(verified("?chain=console&seen=" + head).brokenAt()).isNull();
        String other = whole.chain() + ":" + whole.events() + ":" + "0".repeat(64);
        ConsoleApi.ChainVerification rewritten = verified("?chain=console&seen=" + other);
        assertThat(rewritten.brokenAt()).isEqualTo(whole.events());
        assertThat(rewritten.problem()).contains("seen before");
        String farther = whole.chain() + ":1000000:" + whole.head();
        assertThat(verified("?chain=console&seen=" + farther).problem()).contains("the end is missing");
        for (String malformed : new String[] {"x", head + "," + head, "console/1:1:short", head + ","}) {
            console.call("GET", AUDIT + "/verification?seen=" + malformed, console.first(), null)
                    .is(ProblemCode.BAD_REQUEST);
        }
    }

    @Test
    void heads_are_exchanged_with_the_keeper_and_what_contradicts_is_told() {
        console.vault("default", "v");
        HeadExchange exchange = console.console.context().getBean(HeadExchange.class);
        Ed25519.Signer key = new Ed25519.Signer(Ed25519.newPrivateKey());
        SignedHead fifth = head(key, 5);
        console.keeper.told = new InternalApi.ToldHead(fifth, null, null);
        exchange.exchange();
        assertThat(console.audited("default", "audit.head-seen").details())
                .containsEntry("seq", "5")
                .containsEntry("hash", fifth.hash());
        InternalApi.TellHead own = Objects.requireNonNull(console.keeper.heads.peek());
        assertThat(own.head().isSignedFor("console/1")).isTrue();
        console.keeper.heads.clear();
        SeenHead known = new SeenHead("console/1", 1, own.head().hash());
        console.keeper.told = new InternalApi.ToldHead(fifth, fifth.hash(), known);
        exchange.exchange();
        InternalApi.TellHead again = Objects.requireNonNull(console.keeper.heads.peek());
        assertThat(again.head()).as("what was only seen makes no new head").isEqualTo(own.head());
        assertThat(again.standing()).hasSize(64).isNotEqualTo(own.head().hash());

        console.keeper.told = new InternalApi.ToldHead(head(key, 3), Witness.NO_EVENT, null);
        exchange.exchange();
        assertThat(console.audited("default", "audit.head-contradicted").outcome())
                .isEqualTo("rolled-back");
        ConsoleApi.Status status =
                console.call("GET", "/api/v1/status", console.first(), null).as(ConsoleApi.Status.class);
        assertThat(status.auditProblems()).singleElement().asString().contains("event 5 of chain keeper/1");
    }

    @Test
    void a_chain_is_exported_to_who_may_read_every_workspaces_events_and_verifies_elsewhere() {
        console.vault("default", "v");
        String export = AUDIT + "/export?chain=console";
        ConsoleApi.AuditPage page =
                console.call("GET", export, console.first(), null).as(ConsoleApi.AuditPage.class);
        SignedHead head = Objects.requireNonNull(page.head());
        AuditVerifier verifier =
                new AuditVerifier("console/1", head.publicKey().orElseThrow()).expect(head.seq(), head.hash());
        page.events()
                .forEach(line ->
                        verifier.accept(line.event().event(), line.event().signature()));
        assertThat(verifier.finish().problem()).isNull();
        ConsoleApi.AuditPage later = console.call("GET", export + "&after=2&limit=1", console.first(), null)
                .as(ConsoleApi.AuditPage.class);
        assertThat(later.events()).extracting(AuditLine::seq).containsExactly(3L);
        String auditor = console.token("default", Permission.AUDIT_READ);
        console.call("GET", export, auditor, null).is(ProblemCode.FORBIDDEN);
        for (String bad : List.of("", "?chain=other", "?chain=console&after=-1", "?chain=console&limit=0")) {
            console.call("GET", AUDIT + "/export" + bad, console.first(), null).is(ProblemCode.BAD_REQUEST);
        }
        console.call("GET", AUDIT + "/export?chain=keeper", console.first(), null)
                .as(ConsoleApi.AuditPage.class);
    }

    private static SignedHead head(Ed25519.Signer key, long seq) {
        AuditEvent event = new AuditEvent(null, "keeper", "grant", "o", "ok", new TreeMap<>());
        ChainedEvent chained = ChainedEvent.chain("keeper/1", seq, 0, event, ChainedEvent.START);
        return SignedHead.of(chained, key.sign(chained.signedMessage()), key.publicKey());
    }

    private ConsoleApi.ChainVerification verified(String query) {
        ConsoleApi.Items<ConsoleApi.ChainVerification> chains = console.call(
                        "GET", AUDIT + "/verification" + query, console.first(), null)
                .as(new TypeReference<>() {});
        return chains.items().getFirst();
    }

    @Test
    void a_keeper_that_is_away_is_not_passed_over_in_silence() {
        console.keeper.close();
        console.call("GET", AUDIT, console.first(), null).is(ProblemCode.KEEPER_UNAVAILABLE);
        console.call("GET", AUDIT + "/verification", console.first(), null).is(ProblemCode.KEEPER_UNAVAILABLE);
        console.call("GET", AUDIT + "/verification?chain=console", console.first(), null)
                .as(new TypeReference<ConsoleApi.Items<ConsoleApi.ChainVerification>>() {});
    }

    @Test
    void denials_are_recorded_with_who_and_what() {
        String viewer = console.token("default", Permission.QUEUE_READ);
        console.call("GET", RunningConsole.DEFAULT + "/vaults", viewer, null).is(ProblemCode.FORBIDDEN);
        ConsoleApi.AuditEvent forbidden = eventually(event ->
                event.action().equals("access.denied") && event.outcome().equals("forbidden"));
        assertThat(forbidden.actor()).startsWith("token:");
        assertThat(forbidden.object()).isEqualTo("route:GET /api/v1/workspaces/{workspace}/vaults");

        console.call("GET", "/api/v1/status", OpaqueToken.generate(OpaqueToken.API), null)
                .is(ProblemCode.UNAUTHENTICATED);
        ConsoleApi.AuditEvent anonymous = eventually(event -> event.outcome().equals("unauthenticated"));
        assertThat(anonymous.actor()).isEqualTo("anonymous");
        assertThat(anonymous.details()).containsEntry("from", "127.0.0.1");
    }

    @Test
    void denials_cannot_fill_the_disk_and_what_was_left_out_is_counted() {
        for (int i = 0; i < 100; i++) {
            console.call("GET", "/api/v1/status", null, null).is(ProblemCode.UNAUTHENTICATED);
        }
        console.clock.advance(Duration.ofSeconds(1));
        console.call("GET", "/api/v1/status", null, null).is(ProblemCode.UNAUTHENTICATED);
        ConsoleApi.AuditEvent last = eventually(event -> event.details().containsKey("not-recorded-before"));
        assertThat(last.details()).containsEntry("not-recorded-before", "80");
        assertThat(denials()).hasSizeLessThanOrEqualTo(21);

        String viewer = console.token("default", Permission.QUEUE_READ);
        console.call("GET", RunningConsole.DEFAULT + "/vaults", viewer, null).is(ProblemCode.FORBIDDEN);
        eventually(event -> event.outcome().equals("forbidden"));
    }

    private List<ConsoleApi.AuditEvent> denials() {
        return tail(console.first(), "?chain=console&limit=1000").stream()
                .filter(event -> event.action().equals("access.denied"))
                .toList();
    }

    /** Denials are written beside the request. */
    private ConsoleApi.AuditEvent eventually(Predicate<ConsoleApi.AuditEvent> wanted) {
        return Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (true) {
                for (ConsoleApi.AuditEvent event : denials()) {
                    if (wanted.test(event)) {
                        return event;
                    }
                }
            }
        });
    }

    private List<ConsoleApi.AuditEvent> tail(String token, String query) {
        ConsoleApi.Items<ConsoleApi.AuditEvent> items =
                console.call("GET", AUDIT + query, token, null).as(new TypeReference<>() {});
        return items.items();
    }
}
