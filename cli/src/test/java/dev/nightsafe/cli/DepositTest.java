package dev.nightsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.cli.fake.FakeConsole;
import dev.nightsafe.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code vault set} really sends. */
class DepositTest {
    @TempDir
    Path home;

    private final FakeConsole console = new FakeConsole();

    @BeforeEach
    void make_a_vault() {
        assertThat(ran().run("vault", "create", "api-keys").code()).isZero();
    }

    @AfterEach
    void close() {
        console.close();
    }

    @Test
    void the_box_opens_to_exactly_the_bytes_that_were_given() {
        Seeds.forEach(10, random -> {
            byte[] value = new byte[32 + random.nextInt(5000)];
            random.nextBytes(value);
            Ran ran = ran().in(value).run("vault", "set", "api-keys", "BINARY", "--value-stdin");
            assertThat(ran.err()).isEmpty();
            assertThat(console.vault("api-keys").open("BINARY")).isEqualTo(value);
        });
    }

    @Test
    void a_value_that_cant_be_masked_well_is_deposited_with_a_warning_that_doesnt_show_it() {
        Ran word = ran().in("sunflower").run("vault", "set", "api-keys", "WORD", "--value-stdin");
        Ran brief = ran().in("x7!kq").run("vault", "set", "api-keys", "BRIEF", "--value-stdin");
        Ran tiny = ran().in("x7!").run("vault", "set", "api-keys", "TINY", "--value-stdin");
        assertThat(word.err()).contains("WORD looks like a word").doesNotContain("sunflower");
        assertThat(brief.err()).contains("BRIEF has fewer than 8 bytes").doesNotContain("x7!");
        assertThat(tiny.err()).contains("TINY is too short").doesNotContain("x7!");
        assertThat(console.vault("api-keys").open("TINY")).isEqualTo("x7!".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_import_warns_of_each_value_that_cant_be_masked_well_and_of_no_plain_one() {
        byte[] file = "GOOD=sk-9f83hf02hf\nWORD=sunflower\n".getBytes(StandardCharsets.UTF_8);
        assertThat(ran().in(file).run("vault", "import", "api-keys", "-").err())
                .contains("WORD looks like a word")
                .doesNotContain("GOOD", "sunflower");
        assertThat(ran().in(file)
                        .run("vault", "import", "api-keys", "-", "--no-secret")
                        .err())
                .isEmpty();
    }

    @Test
    void a_typed_value_and_an_argument_arrive_as_utf8() {
        ran().typing("pässword").run("vault", "set", "api-keys", "TYPED");
        ran().run("vault", "set", "api-keys", "ARGUMENT", "@looks-like-a-file");
        assertThat(console.vault("api-keys").open("TYPED")).isEqualTo("pässword".getBytes(StandardCharsets.UTF_8));
        assertThat(console.vault("api-keys").open("ARGUMENT"))
                .isEqualTo("@looks-like-a-file".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_value_that_starts_with_a_dash_is_taken_after_two_dashes() {
        ran().run("vault", "set", "api-keys", "KEY", "--", "-value");
        assertThat(console.vault("api-keys").open("KEY")).isEqualTo("-value".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_secret_is_sent_sealed_only_and_a_plain_entry_in_clear_too() {
        ran().in("value").run("vault", "set", "api-keys", "SECRET", "--value-stdin");
        ran().in("value").run("vault", "set", "api-keys", "PLAIN", "--value-stdin", "--no-secret");
        assertThat(console.vault("api-keys").deposit("SECRET")).satisfies(deposit -> {
            assertThat(deposit.secret()).isTrue();
            assertThat(deposit.plainValue()).isNull();
        });
        assertThat(console.vault("api-keys").deposit("PLAIN")).satisfies(deposit -> {
            assertThat(deposit.secret()).isFalse();
            assertThat(deposit.plainValue()).isEqualTo("dmFsdWU=");
        });
    }

    @Test
    void a_deposit_that_comes_second_is_sealed_again_five_times_at_most() {
        console.behaviour().conflicts = 4;
        assertThat(set().code()).isZero();
        assertThat(console.behaviour().deposits).isEqualTo(5);
        console.behaviour().conflicts = 9;
        console.behaviour().deposits = 0;
        assertThat(set().code()).isEqualTo(5);
        assertThat(console.behaviour().deposits).isEqualTo(5);
    }

    @Test
    void nothing_is_sent_to_a_lock_of_another_root_or_with_a_forged_certificate() {
        console.behaviour().forgedCertificate = true;
        assertThat(set().code()).isEqualTo(4);
        console.behaviour().forgedCertificate = false;
        console.behaviour().otherRoot = FakeConsole.signer((byte) 9);
        assertThat(set().code()).isEqualTo(4);
        assertThat(console.behaviour().deposits).isZero();
    }

    @Test
    void nothing_is_sealed_to_the_certified_lock_of_another_vault_than_the_name_meant_before() {
        assertThat(set().code()).isZero();
        assertThat(ran().run("vault", "create", "trap").code()).isZero();
        console.behaviour().deposits = 0;
        console.behaviour().locksOf = "trap";
        Ran refused = set();
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).contains("'api-keys' is another one", "known-vaults");
        assertThat(console.behaviour().deposits).isZero();
    }

    @Test
    void nothing_is_sealed_to_an_older_lock_than_one_that_was_seen() {
        console.vault("api-keys").serial = 7;
        assertThat(set().code()).isZero();
        console.vault("api-keys").serial = 8;
        assertThat(set().code()).isZero();
        assertThat(set().code()).isZero();
        console.behaviour().deposits = 0;
        console.vault("api-keys").serial = 7;
        Ran refused = set();
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).contains("an older lock of vault 'api-keys'", "nothing was sealed");
        assertThat(console.behaviour().deposits).isZero();
    }

    @Test
    void a_damaged_memory_of_locks_is_no_reason_to_trust_one() throws IOException {
        assertThat(set().code()).isZero();
        Path known = home.resolve("cli/known-vaults");
        Files.writeString(known, Files.readString(known).strip() + "x\n");
        Ran refused = set();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("known-vaults is damaged");
    }

    @Test
    void what_a_name_means_is_learnt_by_making_the_vault_and_by_the_first_deposit() throws IOException {
        Path known = home.resolve("cli/known-vaults");
        assertThat(known).content().contains("default/api-keys ");
        Files.delete(known);
        assertThat(set().code()).isZero();
        assertThat(known).content().contains(console.rootFingerprint() + " default/api-keys ");
        ran().run("vault", "create", "trap");
        console.behaviour().locksOf = "trap";
        assertThat(set().code()).isEqualTo(4);
    }

    @Test
    void a_vault_that_is_made_anew_from_here_is_known_and_one_made_elsewhere_after_its_line_is_removed()
            throws IOException {
        set();
        ran().run("vault", "delete", "api-keys", "--force");
        ran().run("vault", "create", "api-keys");
        assertThat(set().code()).isZero();
        Path known = home.resolve("cli/known-vaults");
        String before = Files.readString(known);
        ran().run("vault", "delete", "api-keys", "--force");
        ran().run("vault", "create", "api-keys");
        Files.writeString(known, before);
        assertThat(set().code()).isEqualTo(4);
        Files.writeString(known, "");
        assertThat(set().code()).isZero();
    }

    @Test
    void a_console_that_answers_another_name_than_was_asked_for_makes_the_command_forget_nothing() {
        console.vault("api-keys").serial = 8;
        assertThat(set().code()).isZero();
        console.behaviour().nameOfMade = "api-keys";
        assertThat(ran().run("vault", "create", "trap").code()).isZero();
        console.behaviour().locksOf = "trap";
        assertThat(set().code()).as("api-keys is still what it was").isEqualTo(4);
        console.behaviour().locksOf = "";
        console.vault("api-keys").serial = 7;
        assertThat(set().err()).contains("an older lock of vault 'api-keys'");
    }

    @Test
    void where_nothing_can_be_remembered_a_deposit_is_made_and_says_so() throws IOException {
        Path known = home.resolve("cli/known-vaults");
        Files.delete(known);
        Files.createDirectory(known);
        Ran ran = set();
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).contains("can't be remembered");
    }

    @Test
    void output_and_errors_never_hold_the_value() {
        String value = "sk-do-not-show-this";
        Ran[] runs = {
            ran().in(value).run("vault", "set", "api-keys", "KEY", "--value-stdin", "--debug"),
            ran().typing(value).run("vault", "set", "api-keys", "KEY"),
            ran().run("vault", "set", "api-keys", "KEY", value),
            ran().run("vault", "set", "api-keys", "KEY", "x", value, "--debug"),
            ran().run("vault", "set", "api-keys", "KEY", "--" + value, "--debug"),
            ran().run("vault", "set", "nowhere", "KEY", value, "--debug"),
            ran().in("KEY='" + value).run("vault", "import", "api-keys", "-", "--debug"),
            ran().in(value + "\nKEY=1\n").run("vault", "import", "api-keys", "-", "--debug"),
            ran().run("vault", "show", "api-keys"),
            ran().run("vault", "show", "api-keys", "-o", "json")
        };
        for (Ran run : runs) {
            assertThat(run.out() + run.err()).doesNotContain(value);
        }
    }

    private Ran set() {
        return ran().in("value").run("vault", "set", "api-keys", "KEY", "--value-stdin");
    }

    private Ran.Builder ran() {
        return Ran.with(Map.of(
                "NIGHTSAFE_HOME", home.toString(),
                "NIGHTSAFE_SERVER", console.url(),
                "NIGHTSAFE_TOKEN", console.token(),
                "NIGHTSAFE_ROOT", console.rootFingerprint()));
    }
}
