package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Route;
import dev.nightsafe.core.access.Routes;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;

class VaultsTest {
    private static final String VAULTS = RunningConsole.DEFAULT + "/vaults";

    @TempDir
    Path home;

    RunningConsole console;

    @BeforeEach
    void start() throws IOException {
        console = new RunningConsole(home);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void a_vault_is_made_listed_shown_and_deleted() {
        ConsoleApi.Vault made = console.call(
                        "POST", VAULTS, console.first(), new ConsoleApi.NewVault("api-keys", "for models", "platform"))
                .as(ConsoleApi.Vault.class);
        assertThat(made.description()).isEqualTo("for models");

        console.deposit(
                "default",
                "api-keys",
                "KEY",
                RunningConsole.sealed(console.lock("default", "api-keys", "KEY"), "KEY", "value"));
        ConsoleApi.Items<ConsoleApi.VaultSummary> all =
                console.call("GET", VAULTS, console.first(), null).as(new TypeReference<>() {});
        assertThat(all.items()).singleElement().satisfies(vault -> {
            assertThat(vault.id()).isEqualTo(made.id());
            assertThat(vault.entries()).isEqualTo(1);
        });
        ConsoleApi.Vault shown =
                console.call("GET", VAULTS + "/api-keys", console.first(), null).as(ConsoleApi.Vault.class);
        assertThat(shown.secrets()).singleElement().isInstanceOf(ConsoleApi.SecretEntry.class);

        assertThat(console.call("DELETE", VAULTS + "/api-keys", console.first(), null)
                        .status())
                .isEqualTo(204);
        console.call("GET", VAULTS + "/api-keys", console.first(), null).is(ProblemCode.VAULT_NOT_FOUND);
        assertThat(rows("SELECT COUNT(*) FROM secret")).isZero();
    }

    @Test
    void its_lock_is_certified_by_the_keepers_root_for_this_vault() {
        ConsoleApi.Vault vault = console.vault("default", "v");
        ConsoleApi.LockForDeposit lock = console.lock("default", "v", "KEY");

        assertThat(lock.vaultId()).isEqualTo(vault.id());
        assertThat(lock.nextVersion()).isEqualTo(1);
        Base64.Decoder base64 = Base64.getDecoder();
        LockCertificate.require(
                new Ed25519.PublicKey(base64.decode(lock.rootKey())),
                lock.workspaceId(),
                lock.vaultId(),
                new Lock(Suite.of(lock.suite()), base64.decode(lock.publicKey())),
                base64.decode(lock.certificate()));
    }

    @Test
    void a_name_that_differs_only_in_case_is_taken() {
        console.vault("default", "api-keys");
        ConsoleApi.NewVault same = new ConsoleApi.NewVault("api-keys", null, null);
        ConsoleApi.NewVault other = new ConsoleApi.NewVault("API-Keys", null, null);

        console.call("POST", VAULTS, console.first(), same).is(ProblemCode.ALREADY_EXISTS);
        assertThat(console.call("POST", VAULTS, console.first(), other)
                        .is(ProblemCode.ALREADY_EXISTS)
                        .detail())
                .contains("'api-keys'");
        console.call("GET", VAULTS + "/API-KEYS", console.first(), null).is(ProblemCode.VAULT_NOT_FOUND);
        assertThat(console.keeper.keys)
                .as("no lock is made for a name that is taken")
                .hasSize(1);
    }

    @Test
    void names_kinds_and_descriptions_are_checked() {
        for (String name : new String[] {"", "a/b", "-x", "é", "x".repeat(65), "a\u0000b"}) {
            console.call("POST", VAULTS, console.first(), new ConsoleApi.NewVault(name, null, null))
                    .is(ProblemCode.INVALID_NAME);
        }
        console.call("POST", VAULTS, console.first(), new ConsoleApi.NewVault("v", null, "site"))
                .is(ProblemCode.BAD_REQUEST);
        console.call("POST", VAULTS, console.first(), new ConsoleApi.NewVault("v", "a\u001b[31mred", null))
                .is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void a_vault_that_a_queue_names_is_deleted_by_force_only() {
        console.vault("default", "used");
        console.call("PUT", RunningConsole.DEFAULT + "/queues/q", console.first(), QueuesTest.queue("used"))
                .as(ConsoleApi.QueueApplied.class);
        ConsoleApi.Vault shown =
                console.call("GET", VAULTS + "/used", console.first(), null).as(ConsoleApi.Vault.class);
        assertThat(shown.queues()).containsExactly("q");
        assertThat(shown.releaseRules()).singleElement().satisfies(rule -> {
            assertThat(rule.queue()).isEqualTo("q");
            assertThat(rule.current()).isTrue();
        });

        assertThat(console.call("DELETE", VAULTS + "/used", console.first(), null)
                        .is(ProblemCode.VAULT_IN_USE)
                        .detail())
                .contains("'used'", "queue q");
        assertThat(console.call("DELETE", VAULTS + "/used?force=true", console.first(), null)
                        .status())
                .isEqualTo(204);
        assertThat(rows("SELECT COUNT(*) FROM release_rule")).isZero();
    }

    @Test
    void a_vault_made_again_is_another_one_and_needs_consent_again() {
        console.vault("default", "v");
        console.call("PUT", RunningConsole.DEFAULT + "/queues/q", console.first(), QueuesTest.queue("v"));
        console.call("DELETE", VAULTS + "/v?force=true", console.first(), null);
        console.vault("default", "v");

        ConsoleApi.Queue queue = console.call("GET", RunningConsole.DEFAULT + "/queues/q", console.first(), null)
                .as(ConsoleApi.Queue.class);
        assertThat(queue.notReleased()).containsExactly("v");
        assertThat(console.call("GET", VAULTS + "/v", console.first(), null)
                        .as(ConsoleApi.Vault.class)
                        .queues())
                .isEmpty();
    }

    @Test
    void without_a_master_key_every_route_of_vaults_says_so() {
        console.vault("default", "v");
        console.keeper.vaultsEnabled = false;
        console.clock.advance(Duration.ofSeconds(2));

        for (Route route : Routes.CONSOLE) {
            if (route.path().contains("/vaults")) {
                assertThat(console.call(route.method(), path(route), console.first(), Bodies.of(route))
                                .is(ProblemCode.VAULTS_NOT_CONFIGURED)
                                .detail())
                        .startsWith("vaults not configured");
            }
        }
        assertThat(console.call("GET", "/api/v1/status", console.first(), null)
                        .as(ConsoleApi.Status.class)
                        .vaults())
                .isEqualTo("not configured");
    }

    @Test
    void a_keeper_that_does_not_answer_is_an_error_of_its_own() {
        console.keeper.close();

        for (Route route : Routes.CONSOLE) {
            if (route.path().contains("/vaults")) {
                console.call(route.method(), path(route), console.first(), Bodies.of(route))
                        .is(ProblemCode.KEEPER_UNAVAILABLE);
            }
        }
        ConsoleApi.Status status =
                console.call("GET", "/api/v1/status", console.first(), null).as(ConsoleApi.Status.class);
        assertThat(status.keeperReachable()).isFalse();
        assertThat(status.vaults()).isEqualTo("keeper unreachable");
    }

    @Test
    void the_keepers_status_is_asked_once_in_two_seconds() {
        console.vault("default", "v");
        console.keeper.requests.clear();
        console.clock.advance(Duration.ofSeconds(2));
        for (int i = 0; i < 5; i++) {
            console.call("GET", VAULTS, console.first(), null);
        }
        assertThat(console.keeper.requests).hasSize(1);
        console.clock.advance(Duration.ofSeconds(2));
        console.call("GET", VAULTS, console.first(), null);
        assertThat(console.keeper.requests).hasSize(2);
    }

    private int rows(String sql) {
        return console.database()
                .read(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }

    private static String path(Route route) {
        return Bodies.path(route, "default", "v", "q");
    }
}
