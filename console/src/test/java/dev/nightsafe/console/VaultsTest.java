package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class VaultsTest extends ConsoleTest {
    private final String vaults = base + "/vaults";

    @Test
    void a_vault_is_made_listed_shown_and_deleted() {
        ConsoleApi.Vault made = console.call(
                        "POST",
                        vaults,
                        console.first(),
                        new ConsoleApi.NewVault("api-keys", "for models", "platform", null, null))
                .as(ConsoleApi.Vault.class);
        assertThat(made.description()).isEqualTo("for models");

        console.deposit(
                workspace,
                "api-keys",
                "KEY",
                RunningConsole.sealed(console.lock(workspace, "api-keys", "KEY"), "KEY", "value"));
        ConsoleApi.Items<ConsoleApi.VaultSummary> all =
                console.call("GET", vaults, console.first(), null).as(new TypeReference<>() {});
        assertThat(all.items()).singleElement().satisfies(vault -> {
            assertThat(vault.id()).isEqualTo(made.id());
            assertThat(vault.entries()).isEqualTo(1);
        });
        ConsoleApi.Vault shown =
                console.call("GET", vaults + "/api-keys", console.first(), null).as(ConsoleApi.Vault.class);
        assertThat(shown.secrets()).singleElement().isInstanceOf(ConsoleApi.SecretEntry.class);

        assertThat(console.call("DELETE", vaults + "/api-keys", console.first(), null)
                        .status())
                .isEqualTo(204);
        console.call("GET", vaults + "/api-keys", console.first(), null).is(ProblemCode.VAULT_NOT_FOUND);
        assertThat(rows("secret", made.id())).isZero();
    }

    @Test
    void its_lock_is_certified_by_the_keepers_root_for_this_vault() {
        ConsoleApi.Vault vault = console.vault(workspace, "v");
        ConsoleApi.LockForDeposit lock = console.lock(workspace, "v", "KEY");

        assertThat(lock.vaultId()).isEqualTo(vault.id());
        assertThat(lock.nextVersion()).isEqualTo(1);
        Base64.Decoder base64 = Base64.getDecoder();
        LockCertificate.require(
                new Ed25519.PublicKey(base64.decode(lock.rootKey())),
                lock.workspaceId(),
                lock.vaultId(),
                new Lock(Suite.of(lock.suite()), base64.decode(lock.publicKey())),
                lock.serial(),
                base64.decode(lock.certificate()));
    }

    @Test
    void a_name_that_differs_only_in_case_is_taken() {
        console.vault(workspace, "api-keys");
        int locks = console.keeper.keys.size();
        ConsoleApi.NewVault same = new ConsoleApi.NewVault("api-keys", null, null, null, null);
        ConsoleApi.NewVault other = new ConsoleApi.NewVault("API-Keys", null, null, null, null);

        console.call("POST", vaults, console.first(), same).is(ProblemCode.ALREADY_EXISTS);
        assertThat(console.call("POST", vaults, console.first(), other)
                        .is(ProblemCode.ALREADY_EXISTS)
                        .detail())
                .contains("'api-keys'");
        console.call("GET", vaults + "/API-KEYS", console.first(), null).is(ProblemCode.VAULT_NOT_FOUND);
        assertThat(console.keeper.keys)
                .as("no lock is made for a name that is taken")
                .hasSize(locks);
    }

    @Test
    void names_kinds_and_descriptions_are_checked() {
        for (String name : new String[] {"", "a/b", "-x", "é", "x".repeat(65), "a\u0000b"}) {
            console.call("POST", vaults, console.first(), new ConsoleApi.NewVault(name, null, null, null, null))
                    .is(ProblemCode.INVALID_NAME);
        }
        console.call("POST", vaults, console.first(), new ConsoleApi.NewVault("v", null, "site", null, null))
                .is(ProblemCode.BAD_REQUEST);
        console.call("POST", vaults, console.first(), new ConsoleApi.NewVault("v", "a\u001b[31mred", null, null, null))
                .is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_vault_that_a_queue_names_is_deleted_by_force_only() {
        console.vault(workspace, "used");
        console.call("PUT", base + "/queues/q", console.first(), QueuesTest.queue("used"))
                .as(ConsoleApi.QueueApplied.class);
        ConsoleApi.Vault shown =
                console.call("GET", vaults + "/used", console.first(), null).as(ConsoleApi.Vault.class);
        assertThat(shown.queues()).containsExactly("q");
        assertThat(shown.releaseRules()).singleElement().satisfies(rule -> {
            assertThat(rule.queue()).isEqualTo("q");
            assertThat(rule.current()).isTrue();
        });

        assertThat(console.call("DELETE", vaults + "/used", console.first(), null)
                        .is(ProblemCode.VAULT_IN_USE)
                        .detail())
                .contains("'used'", "queue q");
        assertThat(console.call("DELETE", vaults + "/used?force=true", console.first(), null)
                        .status())
                .isEqualTo(204);
        assertThat(rows("release_rule", shown.id())).isZero();
    }

    @Test
    void a_deleted_vaults_opening_key_is_destroyed() {
        String id = console.vault(workspace, "gone").id();
        assertThat(console.keeper.keys).containsKey(id);
        console.call("DELETE", vaults + "/gone", console.first(), null);
        assertThat(console.keeper.keys).doesNotContainKey(id);
    }

    @Test
    void a_vault_made_again_is_another_one_and_needs_consent_again() {
        console.vault(workspace, "v");
        console.call("PUT", base + "/queues/q", console.first(), QueuesTest.queue("v"));
        console.call("DELETE", vaults + "/v?force=true", console.first(), null);
        console.vault(workspace, "v");

        ConsoleApi.Queue queue =
                console.call("GET", base + "/queues/q", console.first(), null).as(ConsoleApi.Queue.class);
        assertThat(queue.notReleased()).containsExactly("v");
        assertThat(console.call("GET", vaults + "/v", console.first(), null)
                        .as(ConsoleApi.Vault.class)
                        .queues())
                .isEmpty();
    }

    private int rows(String table, String vaultId) {
        return console.database()
                .read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + table + " WHERE vault_id = :vault")
                        .bind("vault", vaultId)
                        .mapTo(Integer.class)
                        .one());
    }
}
