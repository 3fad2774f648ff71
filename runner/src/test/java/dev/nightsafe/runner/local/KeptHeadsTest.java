package dev.nightsafe.runner.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.audit.ChainedEvent;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.audit.Witness;
import dev.nightsafe.core.signing.Ed25519;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptHeadsTest {
    private static final Ed25519.Signer KEY = new Ed25519.Signer(Ed25519.newPrivateKey());

    @TempDir
    Path folder;

    @Test
    void heads_are_kept_in_order_and_known_after_a_restart() throws IOException {
        KeptHeads heads = new KeptHeads(folder);
        heads.take(head("keeper/1", 3, "a"), List.of(), null);
        heads.take(head("console/1", 8, "a"), List.of(), null);
        heads.take(
                head("keeper/1", 5, "b"),
                heads.newest(),
                head("keeper/1", 3, "a").hash());
        heads.take(head("keeper/1", 5, "b"), heads.newest(), null);
        assertThat(Files.readAllLines(file())).hasSize(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        Files.writeString(file(), "{\"time\": \"cut o", StandardOpenOption.APPEND);
        KeptHeads again = new KeptHeads(folder);
        assertThat(again.newest()).containsExactly(head("console/1", 8, "a"), head("keeper/1", 5, "b"));
        assertThat(again.contradiction()).isEmpty();
    }

    @Test
    void a_lower_head_is_a_contradiction_that_is_said_until_somebody_moves_the_file_away() throws IOException {
        KeptHeads heads = new KeptHeads(folder);
        heads.take(head("keeper/1", 5, "b"), List.of(), null);
        heads.take(head("keeper/1", 3, "a"), heads.newest(), Witness.NO_EVENT);
        assertThat(heads.contradiction().orElseThrow()).contains("event 5 of chain keeper/1", "missing");
        heads.take(
                head("keeper/1", 4, "c"),
                heads.newest(),
                head("keeper/1", 3, "a").hash());
        assertThat(new KeptHeads(folder).contradiction()).isPresent();
        assertThat(Files.readString(file())).contains("\"contradicts\":\"event 5");
        Files.delete(folder.resolve("heads-contradicted"));
        assertThat(heads.contradiction()).isEmpty();
    }

    @Test
    void the_same_number_with_another_hash_is_a_contradiction() {
        KeptHeads heads = new KeptHeads(folder);
        heads.take(head("keeper/1", 5, "b"), List.of(), null);
        heads.take(head("keeper/1", 5, "other"), heads.newest(), null);
        assertThat(heads.contradiction().orElseThrow()).contains("is another now");
    }

    @Test
    void an_answer_that_another_one_overtook_is_none() {
        KeptHeads heads = new KeptHeads(folder);
        heads.take(head("keeper/1", 3, "a"), List.of(), null);
        List<SignedHead> asked = heads.newest();
        heads.take(head("keeper/1", 9, "c"), asked, null);
        heads.take(head("keeper/1", 5, "b"), asked, null);
        assertThat(heads.contradiction()).isEmpty();
        assertThat(heads.newest()).containsExactly(head("keeper/1", 9, "c"));
    }

    private Path file() {
        return folder.resolve("heads.jsonl");
    }

    private static SignedHead head(String chain, long seq, String action) {
        AuditEvent event = new AuditEvent(null, "keeper", action, "o", "ok", new TreeMap<>());
        ChainedEvent chained = ChainedEvent.chain(chain, seq, 0, event, ChainedEvent.START);
        return SignedHead.of(chained, KEY.sign(chained.signedMessage()), KEY.publicKey());
    }
}
