package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the audit chain promises on every engine, against somebody who may write its table. */
abstract class AuditBehaviour extends OnAnEngine {
    private static final AuditLog LOG = OpenConsole.CHAIN.log();
    /** Of five events in five commits, the third. */
    private static final String THIRD = " WHERE seq = 3";

    private Peer peer;
    private OpenConsole console;

    @BeforeEach
    void open() {
        peer = freshPeer();
        console = OpenConsole.of(peer);
        for (String id : List.of("a", "b", "c", "d", "e")) {
            console.create(id);
        }
    }

    @AfterEach
    void close() {
        console.close();
    }

    @Test
    void an_untouched_chain_is_whole_and_each_commit_signed_it() {
        assertThat(console.verified().problem()).isNull();
        assertThat(console.verified().events()).isEqualTo(5);
        assertThat(console.signatures()).isEqualTo(5);
    }

    @Test
    void a_new_process_continues_the_chain() {
        String head = console.verified().head();
        console.close();
        console = OpenConsole.of(peer);
        console.create("f");
        assertThat(console.verified().problem()).isNull();
        assertThat(console.verified().events()).isEqualTo(6);
        List<ChainedEvent> last = console.database.read(handle -> LOG.tail(handle, null, Long.MAX_VALUE, 1));
        assertThat(last.getFirst().previous()).isEqualTo(head);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at = at + 1",
                "workspace_id = 'other'",
                "workspace_id = NULL",
                "actor = 'token:someone-else'",
                "action = 'workspace.read'",
                "object = 'workspace:x'",
                "outcome = 'forbidden'",
                "details = '{}'",
                "details = '{\"n\":\"x\"}'",
                "details = '{\"n\":\"x\",\"n\":\"c\"}'",
                "details = '{\"n\": \"c\"}'",
                "details = 'nonsense'",
                "details = '[[\"n\",\"c\"]]'",
                "previous = '0000000000000000000000000000000000000000000000000000000000000000'",
                "hash = '0000000000000000000000000000000000000000000000000000000000000000'",
                "chain = 'console/2'",
                "seq = 7"
            })
    void an_altered_event_is_found(String change) {
        peer.tamper(Schema.CONSOLE, "UPDATE audit_event SET " + change + THIRD);
        assertThat(console.verified().brokenAt()).isEqualTo(3);
    }

    @Test
    void a_forged_signature_is_found() {
        peer.tamper(
                Schema.CONSOLE,
                "UPDATE audit_event SET signature = (SELECT signature FROM audit_event WHERE seq = 2)" + THIRD);
        assertThat(console.verified().brokenAt()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 3"})
    void a_removed_event_is_found(long removed, long brokenAt) {
        peer.tamper(Schema.CONSOLE, "DELETE FROM audit_event WHERE seq = " + removed);
        assertThat(console.verified().brokenAt()).isEqualTo(brokenAt);
    }

    @Test
    void an_end_that_was_cut_off_inside_a_commit_is_found() {
        console.committer.commit(transaction -> {
            transaction.audit(OpenConsole.created("f"));
            transaction.audit(OpenConsole.created("g"));
            return null;
        });
        peer.tamper(Schema.CONSOLE, "DELETE FROM audit_event WHERE seq = 7");
        assertThat(console.verified().brokenAt()).isEqualTo(6);
    }

    @Test
    void reordered_events_are_found() {
        for (String step : List.of("seq = 100 WHERE seq = 3", "seq = 3 WHERE seq = 4", "seq = 4 WHERE seq = 100")) {
            peer.tamper(Schema.CONSOLE, "UPDATE audit_event SET " + step);
        }
        assertThat(console.verified().brokenAt()).isEqualTo(3);
    }

    @Test
    void an_added_event_is_found() {
        peer.tamper(
                Schema.CONSOLE,
                "INSERT INTO audit_event (chain, seq, at, workspace_id, actor, action, object, outcome, details, previous,"
                        + " hash) SELECT chain, 6, at, workspace_id, actor, action, object, outcome, details, hash, hash"
                        + " FROM audit_event WHERE seq = 5");
        assertThat(console.verified().brokenAt()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"actor = 'token:someone-else'", "signature = NULL"})
    void nothing_is_appended_to_a_chain_whose_end_was_altered(String change) {
        console.close();
        peer.tamper(Schema.CONSOLE, "UPDATE audit_event SET " + change + " WHERE seq = 5");
        assertRefused(OpenConsole.CHAIN);
        peer.tamper(Schema.CONSOLE, "DELETE FROM audit_event WHERE seq = 5");
        console = OpenConsole.of(peer);
    }

    @Test
    void nothing_is_appended_to_a_chain_that_another_key_signed() {
        console.close();
        assertRefused(new AuditChain("console", new Ed25519.Signer(Ed25519.newPrivateKey())));
        console = OpenConsole.of(peer);
    }

    @Test
    void two_instances_have_two_chains() {
        console.close();
        AuditChain second = new AuditChain("console", 2, OpenConsole.KEY);
        try (OpenConsole other = OpenConsole.of(Databases.open(peer.parsed(), Schema.CONSOLE), second)) {
            other.create("f");
            assertThat(other.verified().events()).isEqualTo(5);
            assertThat(other.database
                            .read(handle -> second.log().verify(handle, OpenConsole.KEY.publicKey()))
                            .events())
                    .isEqualTo(1);
        }
        console = OpenConsole.of(peer);
    }

    @Test
    void the_tail_is_newest_first_bounded_and_of_one_workspace() {
        console.create("z");
        console.committer.commit(transaction -> {
            transaction.audit(OpenConsole.created("a"));
            return null;
        });
        assertThat(tail(null, Long.MAX_VALUE, 3)).containsExactly(7L, 6L, 5L);
        assertThat(tail(null, 3, 10)).containsExactly(2L, 1L);
        assertThat(tail("a", Long.MAX_VALUE, 10)).containsExactly(7L, 1L);
        assertThat(tail("a", 7, 10)).containsExactly(1L);
        assertThat(tail("nobody", Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void an_event_is_read_as_it_was_written() {
        AuditEvent event = new AuditEvent(
                null,
                "runner:ä€😀",
                "secret.grant",
                "vault:v/KEY \"quoted\" \\ back",
                "ok",
                new TreeMap<>(Map.of("commit", "0\"1\\2", "ключ", "значение", "empty", "")));
        console.committer.commit(transaction -> {
            transaction.audit(event);
            return null;
        });
        ChainedEvent read = console.database
                .read(handle -> LOG.tail(handle, null, Long.MAX_VALUE, 1))
                .getFirst();
        assertThat(read.event()).isEqualTo(event);
        assertThat(read.atMillis()).isEqualTo(OpenConsole.NOW.toEpochMilli());
        assertThat(console.verified().problem()).isNull();
    }

    @Test
    void a_long_chain_is_read_in_order_to_its_end() {
        console.committer.commit(transaction -> {
            for (int i = 0; i < 2500; i++) {
                transaction.audit(OpenConsole.created("w" + i));
            }
            return null;
        });
        List<Long> read = new ArrayList<>();
        console.database.read(handle -> {
            LOG.forEach(handle, (event, signature) -> read.add(event.seq()));
            return null;
        });
        assertThat(read).hasSize(2505).isSorted();
        assertThat(console.verified().problem()).isNull();
        assertThat(console.signatures()).isEqualTo(6);
    }

    private List<Long> tail(@Nullable String workspaceId, long beforeSeq, int limit) {
        return console.database.read(handle -> LOG.tail(handle, workspaceId, beforeSeq, limit).stream()
                .map(ChainedEvent::seq)
                .toList());
    }

    private void assertRefused(AuditChain chain) {
        NightsafeException refused = catchThrowableOfType(
                NightsafeException.class,
                () -> OpenConsole.of(Databases.open(peer.parsed(), Schema.CONSOLE), chain)
                        .close());
        assertThat(refused.code()).isEqualTo(ProblemCode.INTERNAL);
        assertThat(refused).hasMessageContaining("number 5");
    }
}
