package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.console.vaults.Pruning;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.SecretRepository;
import dev.nightsafe.database.console.SecretRow;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class VersionsTest extends ConsoleTest {
    private final String secrets = base + "/vaults/v/secrets/";

    ConsoleApi.Vault vault;

    @BeforeEach
    void makeVault() {
        vault = console.vault(workspace, "v");
    }

    @Test
    void older_versions_are_kept_up_to_ten_values_and_told_without_any() {
        for (int i = 1; i <= 12; i++) {
            deposit("value-" + i);
        }
        List<ConsoleApi.SecretVersion> history = history("");
        assertThat(history).hasSize(12);
        assertThat(history.getFirst().state()).isEqualTo("current");
        assertThat(history.subList(1, 10)).allMatch(version -> version.state().equals("kept"));
        assertThat(history.subList(10, 12)).allMatch(version -> version.state().equals("pruned"));
        assertThat(history.getLast().version()).isEqualTo(1);
        assertThat(boxes()).isEqualTo(9);
        assertThat(history("?before=12&limit=2"))
                .extracting(ConsoleApi.SecretVersion::version)
                .containsExactly(11L, 10L);
        assertThat(console.call("GET", secrets + "KEY/versions", console.first(), null)
                        .text())
                .doesNotContain("value-", "box", "mac");
    }

    @Test
    void a_restored_value_is_the_next_version_under_the_consoles_mac() throws IOException {
        deposit("first");
        deposit("second");
        assertThat(restore(1).as(ConsoleApi.Deposited.class)).isEqualTo(new ConsoleApi.Deposited("v", "KEY", 3, false));
        assertThat(opened(3)).isEqualTo("first");
        assertThat(history("")).extracting(ConsoleApi.SecretVersion::state).containsExactly("current", "kept", "kept");

        SecretRow row = row();
        DepositBinding binding = new DepositBinding(vault.workspaceId(), vault.id(), "KEY", 3, true);
        try (Mac keepers = new Mac(SecretBytes.takeFrom(
                Files.readAllBytes(console.home.resolve("keeper").resolve("deposit.key"))))) {
            assertThat(keepers.verifies(
                            binding.authenticated(row.lockId(), row.boxHash(), row.expiresAt()), row.acceptedMac()))
                    .isTrue();
        }
        assertThat(console.audited(workspace, "secret.restore").details())
                .containsEntry("restored", "1")
                .containsEntry("version", "3");
    }

    @Test
    void the_keeper_hears_of_each_new_value_of_a_vault_and_not_which() throws InterruptedException {
        deposit("first");
        awaitNews();
        deposit("second");
        awaitNews();
        restore(1);
        awaitNews();
        console.call("DELETE", secrets + "KEY", console.first(), null);
        awaitNews();
        assertThat(console.keeper.requests)
                .filteredOn(request -> request.startsWith("POST /internal/v1/new-values"))
                .isNotEmpty()
                .noneMatch(request -> request.contains("KEY"));
    }

    private void awaitNews() throws InterruptedException {
        String vault = "";
        while (!vault.equals(this.vault.id())) {
            vault = Objects.requireNonNull(console.keeper.news.poll(30, TimeUnit.SECONDS), "no news came");
        }
    }

    @Test
    void a_deposit_that_comes_first_only_moves_the_restored_version() {
        deposit("first");
        deposit("second");
        console.keeper.whileResealing = () -> {
            console.keeper.whileResealing = () -> {};
            deposit("third");
        };
        assertThat(restore(1).as(ConsoleApi.Deposited.class).version()).isEqualTo(4);
        assertThat(opened(4)).isEqualTo("first");
    }

    @Test
    void a_plain_entry_is_restored_with_what_is_shown_of_it() {
        ConsoleApi.LockForDeposit lock = console.lock(workspace, "v", "KEY");
        DepositBinding binding = new DepositBinding(lock.workspaceId(), lock.vaultId(), "KEY", 1, false);
        String sealed;
        try (SecretBytes value = SecretBytes.takeFrom("eu".getBytes(StandardCharsets.UTF_8))) {
            sealed = java.util.Base64.getEncoder()
                    .encodeToString(Sealing.seal(
                            Objects.requireNonNull(console.keeper.keys.get(vault.id()))
                                    .lock(),
                            binding,
                            value));
        }
        console.deposit(
                        workspace,
                        "v",
                        "KEY",
                        new ConsoleApi.Deposit(lock.suite(), lock.lock(), 1, sealed, false, "ZXU=", null, null))
                .as(ConsoleApi.Deposited.class);
        deposit("a secret now");
        restore(1).as(ConsoleApi.Deposited.class);
        assertThat(console.call("GET", base + "/vaults/v", console.first(), null)
                        .as(ConsoleApi.Vault.class)
                        .secrets())
                .singleElement()
                .isInstanceOfSatisfying(
                        ConsoleApi.PlainEntry.class,
                        entry -> assertThat(entry.plainValue()).isEqualTo("ZXU="));
    }

    @Test
    void a_forgotten_version_is_gone_for_good_and_the_current_one_can_not_be() {
        deposit("first");
        deposit("second");
        forget(2).is(ProblemCode.WRONG_STATE);
        assertThat(forget(1).status()).isEqualTo(204);
        assertThat(boxes()).isZero();
        String since = history("").getLast().since();
        console.clock.advance(Duration.ofMinutes(1));
        assertThat(forget(1).status()).isEqualTo(204);
        assertThat(history("").getLast().state()).isEqualTo("forgotten");
        assertThat(history("").getLast().since()).isEqualTo(since);

        assertThat(restore(1).is(ProblemCode.WRONG_STATE).detail()).contains("version 1", "was forgotten");
        restore(2).is(ProblemCode.WRONG_STATE);
        restore(7).is(ProblemCode.NOT_FOUND);
        forget(7).is(ProblemCode.NOT_FOUND);
        console.call("POST", secrets + "NONE/versions/1/restore", console.first(), null)
                .is(ProblemCode.NOT_FOUND);
        console.call("GET", secrets + "NONE/versions", console.first(), null).is(ProblemCode.NOT_FOUND);
        console.call("GET", secrets + "KEY/versions?limit=0", console.first(), null)
                .is(ProblemCode.BAD_REQUEST);
        assertThat(console.audited(workspace, "secret.forget").details()).containsEntry("version", "1");
    }

    @Test
    void unsetting_destroys_every_value_and_the_history_goes_on() {
        deposit("first");
        deposit("second");
        console.call("DELETE", secrets + "KEY", console.first(), null);
        assertThat(boxes()).isZero();
        assertThat(history("")).hasSize(2).allMatch(version -> version.state().equals("forgotten"));
        restore(2).is(ProblemCode.WRONG_STATE);
        assertThat(console.audited(workspace, "secret.unset").details()).containsEntry("forgotten", "2");
        deposit("third");
        assertThat(history("")).extracting(ConsoleApi.SecretVersion::version).containsExactly(3L, 2L, 1L);
    }

    @Test
    void a_vault_that_keeps_less_destroys_at_once_what_is_too_much() {
        for (int i = 1; i <= 4; i++) {
            deposit("value-" + i);
        }
        ConsoleApi.Vault kept = keep(2, 0).as(ConsoleApi.Vault.class);
        assertThat(kept.keeping()).isEqualTo(new ConsoleApi.Keeping(2, 0));
        assertThat(history(""))
                .extracting(ConsoleApi.SecretVersion::state)
                .containsExactly("current", "kept", "pruned", "pruned");
        assertThat(console.audited(workspace, "vault.keep").details()).containsEntry("pruned", "2");
        keep(1, 0).as(ConsoleApi.Vault.class);
        assertThat(boxes()).isZero();
        deposit("value-5");
        assertThat(boxes()).isZero();
        for (int[] bad : List.of(new int[] {0, 0}, new int[] {101, 0}, new int[] {1, -1}, new int[] {1, 36_501})) {
            keep(bad[0], bad[1]).is(ProblemCode.BAD_REQUEST);
        }
    }

    @Test
    void a_value_is_destroyed_when_it_is_as_old_as_its_vault_says_deposit_or_none() {
        keep(10, 7).as(ConsoleApi.Vault.class);
        deposit("first");
        console.clock.advance(Duration.ofDays(30));
        deposit("second");
        console.clock.advance(Duration.ofDays(6));
        prune();
        assertThat(history("").getLast().state()).as("replaced six days ago").isEqualTo("kept");
        console.clock.advance(Duration.ofDays(1));
        prune();
        assertThat(history("").getLast().state()).isEqualTo("pruned");
        assertThat(console.audited(workspace, "vault.prune").details()).containsEntry("pruned", "1");

        deposit("third");
        console.clock.advance(Duration.ofDays(7));
        deposit("fourth");
        assertThat(history(""))
                .extracting(ConsoleApi.SecretVersion::state)
                .containsExactly("current", "kept", "pruned", "pruned");
    }

    @Test
    void who_was_given_a_value_is_the_keepers_answer_for_this_vault_and_key() {
        deposit("first");
        String releases = secrets + "KEY/releases";
        ConsoleApi.Items<ConsoleApi.Release> told = console.call(
                        "GET", releases + "?version=1&limit=7&before=" + Bodies.MISSING_ID, console.first(), null)
                .as(new TypeReference<>() {});
        assertThat(told.items())
                .singleElement()
                .satisfies(release -> assertThat(release.attempts()).isEqualTo(1));
        assertThat(console.keeper.requests)
                .anyMatch(
                        request -> request.startsWith("GET /internal/v1/vaults/" + vault.id() + "/releases?workspaceId="
                                + vault.workspaceId() + "&key=KEY&limit=7&version=1&before=" + Bodies.MISSING_ID));
        console.call("GET", secrets + "NONE/releases", console.first(), null).is(ProblemCode.NOT_FOUND);
        console.call("GET", releases + "?before=x%26key=OTHER", console.first(), null)
                .is(ProblemCode.NOT_FOUND);
    }

    private void prune() {
        console.console.context().getBean(Pruning.class).prune();
    }

    private void deposit(String value) {
        console.deposit(workspace, "v", "KEY", RunningConsole.sealed(console.lock(workspace, "v", "KEY"), "KEY", value))
                .as(ConsoleApi.Deposited.class);
    }

    private Answer restore(long version) {
        return console.call("POST", secrets + "KEY/versions/" + version + "/restore", console.first(), null);
    }

    private Answer forget(long version) {
        return console.call("DELETE", secrets + "KEY/versions/" + version, console.first(), null);
    }

    private Answer keep(int versions, int days) {
        return console.call("PUT", base + "/vaults/v/keeping", console.first(), new ConsoleApi.Keeping(versions, days));
    }

    private List<ConsoleApi.SecretVersion> history(String query) {
        ConsoleApi.Items<ConsoleApi.SecretVersion> all = console.call(
                        "GET", secrets + "KEY/versions" + query, console.first(), null)
                .as(new TypeReference<>() {});
        return new ArrayList<>(all.items());
    }

    /** How many older values are there. */
    private int boxes() {
        return console.database()
                .read(handle -> handle.createQuery("SELECT COUNT(*) FROM secret_version WHERE vault_id = :vault"
                                + " AND (box IS NOT NULL OR plain_value IS NOT NULL OR state = 'kept')")
                        .bind("vault", vault.id())
                        .mapTo(Integer.class)
                        .one());
    }

    private SecretRow row() {
        return console.database()
                .read(handle -> SecretRepository.find(handle, vault.id(), "KEY"))
                .orElseThrow();
    }

    private String opened(long version) {
        DepositBinding binding = new DepositBinding(vault.workspaceId(), vault.id(), "KEY", version, true);
        try (SecretBytes value =
                Sealing.open(Objects.requireNonNull(console.keeper.keys.get(vault.id())), binding, row().box())) {
            return value.exposing(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
