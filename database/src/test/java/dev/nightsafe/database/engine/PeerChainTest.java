package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.audit.PeerChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process's chain, as another process sees it that records its heads. */
class PeerChainTest {
    private static final Ed25519.Signer KEY = new Ed25519.Signer(Ed25519.newPrivateKey());
    private static final AuditChain WATCHED = new AuditChain("keeper", KEY);

    @TempDir
    private Path folder;

    private Peer peer;
    private OpenConsole watched;
    private OpenConsole watching;
    private PeerChain witness;

    @BeforeEach
    void open() throws IOException {
        peer = Peer.Sqlite.in(Files.createDirectory(folder.resolve("watched")));
        watched = OpenConsole.of(Databases.open(peer.parsed(), Schema.CONSOLE), WATCHED);
        watching = OpenConsole.of(Peer.Sqlite.in(Files.createDirectory(folder.resolve("watching"))));
        witness = witness();
        for (String id : List.of("a", "b", "c")) {
            watched.create(id);
        }
    }

    @AfterEach
    void close() {
        watched.close();
        watching.close();
    }

    @Test
    void a_head_is_recorded_once_with_its_proof() throws IOException {
        look();
        look();
        assertThat(recorded()).containsExactly("audit.head-seen ok");
        ChainedEvent event = events().getFirst();
        assertThat(event.event().details())
                .containsEntry("chain", "keeper/1")
                .containsEntry("seq", "3")
                .containsEntry("hash", head(WATCHED).hash());
        assertThat(witness().known()).as("after a restart").contains(head(WATCHED));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("peer-audit"))))
                .isEqualTo("rw-------");
        watched.create("d");
        look();
        assertThat(recorded()).containsExactly("audit.head-seen ok", "audit.head-seen ok");
        assertThat(witness.contradiction()).isEmpty();
    }

    @Test
    void a_chain_whose_end_was_cut_off_is_noticed_once_and_said_until_somebody_looked() throws IOException {
        look();
        tamper("DELETE FROM audit_event WHERE seq = 3");
        look();
        look();
        assertThat(recorded()).containsExactly("audit.head-seen ok", "audit.head-contradicted rolled-back");
        assertThat(witness().contradiction().orElseThrow()).contains("event 3 of chain keeper/1", "missing");
        watched.create("d");
        look();
        assertThat(witness().contradiction())
                .as("later heads take nothing back")
                .isPresent();
        Files.delete(folder.resolve("peer-audit"));
        assertThat(witness().contradiction()).isEmpty();
    }

    @Test
    void a_database_that_was_set_back_and_went_on_is_noticed() {
        look();
        tamper("DELETE FROM audit_event WHERE seq > 1");
        for (String id : List.of("x", "y", "z")) {
            watched.create("new-" + id);
        }
        assertThat(head(WATCHED).seq()).isEqualTo(4);
        look();
        assertThat(recorded()).contains("audit.head-contradicted rolled-back");
        assertThat(witness.contradiction().orElseThrow()).contains("event 3", "is another now");
    }

    @Test
    void a_chain_under_another_key_is_noticed() {
        look();
        watched.close();
        peer.tamper(Schema.CONSOLE, "DELETE FROM audit_event");
        AuditChain replaced = new AuditChain("keeper", new Ed25519.Signer(Ed25519.newPrivateKey()));
        watched = OpenConsole.of(Databases.open(peer.parsed(), Schema.CONSOLE), replaced);
        for (String id : List.of("x", "y", "z", "w")) {
            watched.create("new-" + id);
        }
        witness.take(head(replaced), null);
        assertThat(witness.contradiction().orElseThrow()).contains("another audit key");
        assertThat(recorded()).contains("audit.head-contradicted rolled-back");
    }

    @Test
    void what_is_no_signed_head_of_that_chain_is_refused_and_not_recorded() {
        SignedHead head = head(WATCHED);
        for (SignedHead bad : List.of(
                new SignedHead("console/1", head.seq(), head.hash(), head.signature(), head.key()),
                new SignedHead(head.chain(), head.seq() + 1, head.hash(), head.signature(), head.key()),
                new SignedHead(head.chain(), head.seq(), "0".repeat(64), head.signature(), head.key()),
                new SignedHead(head.chain(), head.seq(), head.hash(), "", head.key()))) {
            NightsafeException refused = catchThrowableOfType(NightsafeException.class, () -> witness.take(bad, null));
            assertThat(refused.code()).isEqualTo(ProblemCode.BAD_REQUEST);
        }
        assertThat(recorded()).isEmpty();
        assertThat(witness.known()).isEmpty();
    }

    @Test
    void a_damaged_file_stops_the_start() throws IOException {
        Files.writeString(folder.resolve("peer-audit"), "keeper/1 three\n");
        assertThat(catchThrowableOfType(NightsafeException.class, this::witness).code())
                .isEqualTo(ProblemCode.KEY_UNUSABLE);
    }

    @Test
    void what_is_only_seen_of_the_other_makes_no_new_head_to_tell() {
        watching.create("own");
        SignedHead own = witness.own().orElseThrow();
        look();
        assertThat(witness.own()).contains(own);
        watching.create("more");
        assertThat(witness.own().orElseThrow().seq()).isEqualTo(3);
    }

    private PeerChain witness() {
        return new PeerChain("keeper/1", folder, OpenConsole.CHAIN, watching.database, watching.committer);
    }

    /** As console and keeper do it: what stands at the number that is known is asked for with the head. */
    private void look() {
        String standing = witness.known()
                .map(known -> watched.database
                        .read(handle -> WATCHED.log().hashAt(handle, known.seq()))
                        .orElse(Witness.NO_EVENT))
                .orElse(null);
        witness.take(head(WATCHED), standing);
    }

    private SignedHead head(AuditChain chain) {
        return watched.database
                .read(handle -> chain.log().head(handle, chain.signer().publicKey()))
                .orElseThrow();
    }

    /** A committer that knows the old head would notice by itself: this is somebody while the process is down. */
    private void tamper(String sql) {
        watched.close();
        peer.tamper(Schema.CONSOLE, sql);
        watched = OpenConsole.of(Databases.open(peer.parsed(), Schema.CONSOLE), WATCHED);
    }

    private List<ChainedEvent> events() {
        return watching.database
                .read(handle -> OpenConsole.CHAIN.log().tail(handle, null, Long.MAX_VALUE, 100))
                .reversed();
    }

    private List<String> recorded() {
        return events().stream()
                .map(event -> event.event().action() + " " + event.event().outcome())
                .toList();
    }
}
