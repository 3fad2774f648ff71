package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
