package dev.nightsafe.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi.ChainVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be told from an export alone, and what only from heads that others kept. */
class OfflineVerificationTest {
    private static final Ed25519.Signer KEY = new Ed25519.Signer(Ed25519.newPrivateKey());
    private static final Map<String, Set<String>> VOUCHED = Map.of(
            "console", Set.of(KEY.publicKey().fingerprint()),
            "keeper", Set.of(KEY.publicKey().fingerprint()));

    private static final AuditRange ALL = new AuditRange();

    private final ExportedChain keeper = new ExportedChain("keeper/1", KEY)
            .add("lock.create")
            .add("grant")
            .add("grant")
            .add("runner.revoke")
            .add("grant");

    @TempDir
    Path folder;

    @Test
    void an_export_as_it_was_written_is_whole_with_the_heads_that_others_kept() {
        ExportedChain console = new ExportedChain("console/1", KEY)
                .add("vault.create")
                .see(keeper)
                .add("secret.deposit");
        List<OfflineVerification.Found> found = verify(
                concat(console.lines(), keeper.lines()), List.of(keeper.upTo(4).keptByARunner()));
        assertThat(found).allSatisfy(each -> assertThat(each.chain().brokenAt()).isNull());
        assertThat(found).extracting(each -> each.chain().chain()).containsExactly("console/1", "keeper/1");
        assertThat(found).extracting(OfflineVerification.Found::heads).containsExactly(0, 2);
        assertThat(found.getLast().chain().events()).isEqualTo(5);
    }

    @Test
    void a_line_that_was_removed_moved_edited_or_repeated_is_found() {
        List<String> lines = keeper.lines();
        assertBroken(without(lines, 0), 1);
        assertBroken(without(lines, 2), 3);
        assertBroken(swapped(lines, 1, 2), 2);
        assertBroken(replaced(lines, 3, "runner.revoke", "runner.list"), 4);
        assertBroken(replaced(lines, 2, "\"at\":1795000003000", "\"at\":1795000003001"), 3);
        assertBroken(replaced(lines, 2, "keeper/1", "keeper/2"), 3);
        assertBroken(concat(lines.subList(0, 3), lines.subList(2, 6)), 4);
    }

    @Test
    void a_line_that_was_written_anew_with_all_hashes_after_it_lacks_signatures() {
        ExportedChain forged = new ExportedChain("keeper/1", new Ed25519.Signer(Ed25519.newPrivateKey()))
                .add("lock.create")
                .add("grant")
                .add("nothing.bad")
                .add("runner.revoke")
                .add("grant");
        List<String> lines = new ArrayList<>(forged.lines());
        lines.set(5, lines.get(5).replace(encoded(forged.key), encoded(KEY)));
        assertBroken(lines, 1);
    }

    @Test
    void an_export_without_its_end_or_with_lines_after_it_is_broken() {
        List<String> lines = keeper.lines();
        assertThat(one(lines.subList(0, 5)).problem()).contains("cut");
        assertThat(one(without(lines, 4)).problem()).contains("the end is missing");
        assertThat(one(concat(lines, lines)).problem()).contains("cut or mended");
        assertThatThrownBy(() -> one(List.of(lines.getFirst().substring(0, 80))))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void a_tail_that_was_cut_off_is_found_by_a_runners_head_and_by_the_other_chain() {
        List<String> cut = keeper.upTo(4).lines();
        assertThat(one(cut).brokenAt()).as("nobody saw more").isNull();
        ChainVerification byRunner =
                verify(cut, List.of(keeper.keptByARunner())).getFirst().chain();
        assertThat(byRunner.brokenAt()).isEqualTo(5);
        assertThat(byRunner.problem()).contains("event 5 was seen before");
        ExportedChain console = new ExportedChain("console/1", KEY).see(keeper);
        List<OfflineVerification.Found> byOther = verify(concat(console.lines(), cut), List.of());
        assertThat(byOther.getFirst().chain().brokenAt()).isNull();
        assertThat(byOther.getLast().chain().brokenAt()).isEqualTo(5);
    }

    @Test
    void a_database_that_was_set_back_and_went_on_is_found_by_a_runners_head() {
        ExportedChain another = keeper.upTo(2).add("x").add("y").add("z").add("w");
        assertThat(one(another.lines()).brokenAt()).isNull();
        ChainVerification found = verify(another.lines(), List.of(keeper.keptByARunner()))
                .getFirst()
                .chain();
        assertThat(found.brokenAt()).isEqualTo(5);
        assertThat(found.problem()).contains("not the one that was seen before");
    }

    @Test
    void a_chain_that_was_replaced_under_another_key_is_found() {
        ExportedChain replaced = new ExportedChain("keeper/1", new Ed25519.Signer(Ed25519.newPrivateKey()))
                .add("lock.create")
                .add("grant");
        assertThat(one(replaced.lines()).problem()).contains("another audit key");
        WitnessedHeads runners = new WitnessedHeads(Map.of());
        runners.addRunners(write("heads", List.of(keeper.upTo(1).keptByARunner())));
        assertThat(run(replaced.lines(), runners, ALL).getFirst().chain().problem())
                .contains("another audit key");
    }

    @Test
    void nothing_is_verified_under_a_key_that_nobody_vouches_for() {
        assertThatThrownBy(() -> run(keeper.lines(), new WitnessedHeads(Map.of()), ALL))
                .isInstanceOf(CliException.class)
                .hasMessageContaining(KEY.publicKey().fingerprint());
    }

    @Test
    void who_vouches_for_one_parts_key_doesnt_vouch_for_it_as_the_others() {
        Map<String, Set<String>> consoles =
                Map.of("console", Set.of(KEY.publicKey().fingerprint()), "keeper", Set.of("sha256:another"));
        assertThat(run(keeper.lines(), new WitnessedHeads(consoles), ALL)
                        .getFirst()
                        .chain()
                        .problem())
                .contains("another audit key");
        assertThatThrownBy(
                        () -> run(keeper.lines(), new WitnessedHeads(Map.of("console", VOUCHED.get("console"))), ALL))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("keeper/1");
    }

    @Test
    void a_head_in_a_runners_file_needs_its_signature() {
        String forged = keeper.keptByARunner().replace("\"seq\":5", "\"seq\":4");
        assertThatThrownBy(() -> verify(keeper.lines(), List.of(forged)))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void a_part_of_a_chain_is_verified_only_when_it_is_said_to_be_one() {
        List<String> part = keeper.lines().subList(2, 6);
        assertBroken(part, 1);
        WitnessedHeads heads = new WitnessedHeads(VOUCHED);
        heads.addRunners(write("heads", List.of(keeper.upTo(1).keptByARunner(), keeper.keptByARunner())));
        OfflineVerification.Found found = run(part, heads, since(3)).getFirst();
        assertThat(found.chain().brokenAt()).isNull();
        assertThat(found.heads()).as("the other one is older").isEqualTo(1);
        assertThat(run(without(part, 1), new WitnessedHeads(VOUCHED), since(3))
                        .getFirst()
                        .chain()
                        .brokenAt())
                .isEqualTo(4);
    }

    @Test
    void an_export_that_goes_on_beyond_its_range_is_held_to_the_heads_up_to_its_end_and_to_no_later_ones() {
        WitnessedHeads heads = new WitnessedHeads(VOUCHED);
        ExportedChain another = keeper.upTo(1).add("x").add("y");
        heads.addRunners(write("heads", List.of(keeper.upTo(2).keptByARunner(), keeper.keptByARunner())));
        OfflineVerification.Found found =
                run(keeper.upTo(3).lines(), heads, until(2)).getFirst();
        assertThat(found.chain().brokenAt()).isNull();
        assertThat(found.heads()).isEqualTo(1);
        assertThat(run(another.lines(), heads, until(2)).getFirst().chain().problem())
                .contains("not the one that was seen before");
    }

    @Test
    void an_export_that_ends_before_its_range_was_cut_off_when_somebody_saw_more() {
        WitnessedHeads heads = new WitnessedHeads(VOUCHED);
        assertThat(run(keeper.lines(), heads, until(5)).getFirst().chain().brokenAt())
                .as("nothing happened since")
                .isNull();
        heads.addRunners(write("heads", List.of(keeper.keptByARunner())));
        assertThat(run(keeper.upTo(3).lines(), heads, until(4))
                        .getFirst()
                        .chain()
                        .brokenAt())
                .isEqualTo(4);
    }

    @Test
    void a_chain_that_is_not_in_the_file_is_missed_unless_another_one_was_asked_for() {
        List<OfflineVerification.Found> found = verify(keeper.lines(), List.of());
        assertThat(found).extracting(each -> each.chain().chain()).containsExactly("keeper/1", "console/1");
        assertThat(found.getLast().chain().brokenAt()).isEqualTo(1);
        assertThat(found.getLast().chain().problem()).contains("no event of this chain");
        WitnessedHeads heads = new WitnessedHeads(VOUCHED);
        assertThat(run(keeper.lines(), heads, new AuditRange("keeper", null, null)))
                .singleElement()
                .satisfies(each -> assertThat(each.chain().brokenAt()).isNull());
    }

    @Test
    void a_chain_that_somebody_saw_is_missed() {
        ExportedChain second = new ExportedChain("keeper/2", KEY).add("grant");
        ExportedChain console = new ExportedChain("console/1", KEY).add("vault.create");
        List<OfflineVerification.Found> found =
                verify(concat(console.lines(), keeper.lines()), List.of(second.keptByARunner()));
        assertThat(found.getLast().chain().chain()).isEqualTo("keeper/2");
        assertThat(found.getLast().chain().brokenAt()).isEqualTo(1);
    }

    @Test
    void a_part_whose_beginning_was_taken_away_lacks_the_event_before() {
        List<String> part = keeper.lines().subList(2, 6);
        WitnessedHeads heads = new WitnessedHeads(VOUCHED);
        assertThat(run(part, heads, since(3)).getFirst().chain().brokenAt()).isNull();
        assertThat(run(part, heads, since(1)).getFirst().chain().problem()).contains("the beginning may be missing");
        assertThat(run(keeper.lines(), heads, since(0)).getFirst().chain().brokenAt())
                .as("the first event of all has none before it")
                .isNull();
    }

    private void assertBroken(List<String> lines, long at) {
        assertThat(one(lines).brokenAt()).isEqualTo(at);
    }

    private ChainVerification one(List<String> lines) {
        return verify(lines, List.of()).stream()
                .map(OfflineVerification.Found::chain)
                .filter(chain -> chain.chain().equals("keeper/1"))
                .findFirst()
                .orElseThrow();
    }

    private List<OfflineVerification.Found> verify(List<String> lines, List<String> runnersHeads) {
        WitnessedHeads heads = new WitnessedHeads(VOUCHED);
        heads.addRunners(write("heads", runnersHeads));
        return run(lines, heads, ALL);
    }

    private List<OfflineVerification.Found> run(List<String> lines, WitnessedHeads heads, AuditRange range) {
        return new OfflineVerification(new ExportFile(write("export", lines)), heads, range).run();
    }

    /** Begins between an event and the next. */
    private static AuditRange since(int event) {
        return new AuditRange("keeper", ExportedChain.at(event).plusMillis(1), null);
    }

    /** Ends between an event and the next. */
    private static AuditRange until(int event) {
        return new AuditRange("keeper", null, ExportedChain.at(event).plusMillis(1));
    }

    private Path write(String name, List<String> lines) {
        try {
            return Files.write(folder.resolve(name), lines);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String encoded(Ed25519.Signer key) {
        return java.util.Base64.getEncoder().encodeToString(key.publicKey().encoded());
    }

    private static List<String> without(List<String> lines, int index) {
        List<String> copy = new ArrayList<>(lines);
        copy.remove(index);
        return copy;
    }

    private static List<String> swapped(List<String> lines, int one, int other) {
        List<String> copy = new ArrayList<>(lines);
        Collections.swap(copy, one, other);
        return copy;
    }

    private static List<String> replaced(List<String> lines, int index, String from, String to) {
        assertThat(lines.get(index)).contains(from);
        List<String> copy = new ArrayList<>(lines);
        copy.set(index, lines.get(index).replace(from, to));
        return copy;
    }

    private static List<String> concat(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}
