package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.SecretRepository;
import dev.nightsafe.database.console.SecretRow;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class DepositsTest extends ConsoleTest {
    private static final String VALUE = "correct horse battery staple";
    private final String secrets = base + "/vaults/v/secrets/";

    ConsoleApi.Vault vault;

    @BeforeEach
    void makeVault() {
        vault = console.vault(workspace, "v");
    }

    @Test
    void what_is_stored_opens_with_the_keepers_key_alone_and_carries_the_consoles_mac() throws IOException {
        ConsoleApi.Deposited deposited = put("KEY", sealed("KEY")).as(ConsoleApi.Deposited.class);
        assertThat(deposited).isEqualTo(new ConsoleApi.Deposited("v", "KEY", 1, true));

        SecretRow row = row("KEY");
        DepositBinding binding = new DepositBinding(vault.workspaceId(), vault.id(), "KEY", 1, true);
        SecretBytes opened =
                Sealing.open(Objects.requireNonNull(console.keeper.keys.get(vault.id())), binding, row.box());
        assertThat(opened.<String>exposing(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .isEqualTo(VALUE);
        assertThat(row.boxHash()).isEqualTo(Digests.sha256(row.box()));
        Mac keepers = new Mac(SecretBytes.takeFrom(
                Files.readAllBytes(console.home.resolve("keeper").resolve("deposit.key"))));
        assertThat(keepers.verifies(
                        binding.authenticated(row.lockId(), row.boxHash(), row.expiresAt()), row.acceptedMac()))
                .isTrue();
    }

    @Test
    void nothing_that_is_answered_or_audited_has_box_or_value() {
        ConsoleApi.Deposit deposit = sealed("KEY");
        put("KEY", deposit);
        for (String path : List.of(
                "/vaults", "/vaults/v", "/vaults/v/secrets/KEY/lock", "/queues", "/audit?chain=console", "/tokens")) {
            assertThat(console.call("GET", base + path, console.first(), null).text())
                    .doesNotContain(VALUE, deposit.box());
        }
    }

    @Test
    void versions_go_up_by_one_and_a_box_of_another_version_is_refused() {
        put("KEY", sealed("KEY"));
        ConsoleApi.Deposit second = sealed("KEY");
        assertThat(put("KEY", second).as(ConsoleApi.Deposited.class))
                .isEqualTo(new ConsoleApi.Deposited("v", "KEY", 2, false));

        put("KEY", second).is(ProblemCode.VERSION_CONFLICT);
        put("KEY", version(second, 1)).is(ProblemCode.VERSION_CONFLICT);
        put("KEY", version(second, 4)).is(ProblemCode.VERSION_CONFLICT);
        put("KEY", version(second, 0)).is(ProblemCode.BAD_REQUEST);
        put("KEY", version(second, Long.MAX_VALUE)).is(ProblemCode.VERSION_CONFLICT);
        assertThat(row("KEY").version()).isEqualTo(2);
    }

    @Test
    void of_two_deposits_of_the_same_version_one_is_told_to_seal_again() throws Exception {
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 1; round <= 10; round++) {
                List<Callable<Answer>> deposits = Stream.of(sealed("KEY"), sealed("KEY"))
                        .<Callable<Answer>>map(deposit -> () -> put("KEY", deposit))
                        .toList();
                List<Integer> statuses = both.invokeAll(deposits).stream()
                        .map(Future::resultNow)
                        .map(Answer::status)
                        .sorted()
                        .toList();
                assertThat(statuses).containsExactly(200, 409);
                assertThat(row("KEY").version()).isEqualTo(round);
            }
        }
    }

    @Test
    void a_box_for_another_lock_is_refused() {
        console.vault(workspace, "w");
        ConsoleApi.Deposit elsewhere = RunningConsole.sealed(console.lock(workspace, "w", "KEY"), "KEY", VALUE);
        put("KEY", elsewhere).is(ProblemCode.LOCK_CHANGED);
    }

    @Test
    void malformed_boxes_are_refused() {
        ConsoleApi.Deposit good = sealed("KEY");
        byte[] box = Base64.getDecoder().decode(good.box());
        for (String bad : List.of(
                "",
                "%%%",
                good.box().replace("=", "") + "=\n",
                encoded(new byte[10]),
                encoded(java.util.Arrays.copyOf(box, box.length - 1)),
                encoded(java.util.Arrays.copyOf(box, box.length + 1)))) {
            put("KEY", box(good, bad)).is(ProblemCode.INVALID_BOX);
        }
        put("KEY", new ConsoleApi.Deposit("rot13", good.lock(), 1, good.box(), true, null, null, null))
                .is(ProblemCode.INVALID_BOX);
        put("KEY", box(good, encoded(new byte[1136 + (1 << 20) + (1 << 17)]))).is(ProblemCode.VALUE_TOO_LARGE);
        put("KEY", box(good, encoded(new byte[3 << 20]))).is(ProblemCode.BODY_TOO_LARGE);
        console.call("GET", secrets + "KEY/lock", console.first(), null).as(ConsoleApi.LockForDeposit.class);
        assertThat(console.lock(workspace, "v", "KEY").nextVersion()).isEqualTo(1);
    }

    @Test
    void the_largest_value_is_taken() {
        ConsoleApi.Deposit largest =
                RunningConsole.sealed(console.lock(workspace, "v", "KEY"), "KEY", "x".repeat(Sealing.MAX_VALUE_BYTES));
        put("KEY", largest).as(ConsoleApi.Deposited.class);
    }

    @Test
    void a_plain_entry_is_sealed_too_and_shown_in_clear() {
        String plain = encoded("eu-central-1".getBytes(StandardCharsets.UTF_8));
        ConsoleApi.Deposit sealed = sealed("REGION");
        put("REGION", plain(sealed, plain)).as(ConsoleApi.Deposited.class);
        assertThat(shown())
                .singleElement()
                .isInstanceOfSatisfying(
                        ConsoleApi.PlainEntry.class,
                        entry -> assertThat(entry.plainValue()).isEqualTo(plain));
        assertThat(row("REGION").box()).isNotEmpty();

        ConsoleApi.Deposit next = sealed("REGION");
        put("REGION", plain(next, null)).is(ProblemCode.BAD_REQUEST);
        put("REGION", plain(next, "")).is(ProblemCode.VALUE_EMPTY);
        put("REGION", plain(next, "eu-central-1")).is(ProblemCode.INVALID_BOX);
        put("REGION", new ConsoleApi.Deposit(next.suite(), next.lock(), 2, next.box(), true, plain, null, null))
                .is(ProblemCode.BAD_REQUEST);
    }

    @Test
    void an_unset_key_is_gone_and_its_versions_go_on() {
        put("KEY", sealed("KEY"));
        put("KEY", sealed("KEY"));
        assertThat(console.call("DELETE", secrets + "KEY", console.first(), null)
                        .status())
                .isEqualTo(204);

        assertThat(shown()).isEmpty();
        Optional<SecretRow> row = console.database().read(handle -> SecretRepository.find(handle, vault.id(), "KEY"));
        assertThat(row).isEmpty();
        console.call("DELETE", secrets + "KEY", console.first(), null).is(ProblemCode.NOT_FOUND);
        assertThat(console.lock(workspace, "v", "KEY").nextVersion()).isEqualTo(3);
        assertThat(put("KEY", sealed("KEY")).as(ConsoleApi.Deposited.class))
                .isEqualTo(new ConsoleApi.Deposited("v", "KEY", 3, true));
    }

    @Test
    void a_key_that_differs_only_in_case_is_taken() {
        put("KEY", sealed("KEY"));
        console.call("GET", secrets + "key/lock", console.first(), null).is(ProblemCode.ALREADY_EXISTS);
        put("key", Bodies.deposit()).is(ProblemCode.LOCK_CHANGED);
        put("key", RunningConsole.sealed(console.lock(workspace, "v", "KEY"), "key", VALUE))
                .is(ProblemCode.ALREADY_EXISTS);
    }

    @Test
    void keys_that_no_worker_may_have_are_refused() {
        for (String key : List.of("PATH", "ld_preload", "PYTHONPATH", "GIT_SSH")) {
            put(key, Bodies.deposit()).is(ProblemCode.RESERVED_NAME);
        }
        for (String key : List.of("1KEY", "a%20b", "%C3%A9", "x".repeat(129))) {
            put(key, Bodies.deposit()).is(ProblemCode.INVALID_NAME);
        }
    }

    @Test
    void a_deposit_is_audited_in_its_commit() {
        put("KEY", sealed("KEY"));
        assertThat(console.call("GET", base + "/audit?chain=console", console.first(), null)
                        .text())
                .contains("\"secret.deposit\"", "\"vault:" + vault.id() + "/KEY\"", "\"version\":\"1\"");
    }

    @Test
    void until_when_a_value_is_good_is_shown_and_reminded_of() {
        Instant now = console.clock.instant();
        Instant end = now.plus(Duration.ofDays(20)).truncatedTo(ChronoUnit.SECONDS);
        put("KEY", terms(sealed("KEY"), end.toString(), 30)).as(ConsoleApi.Deposited.class);
        assertThat(shownTerms()).isEqualTo(new ConsoleApi.Terms(end.toString(), 30, null));
        assertThat(reminders()).isZero();
        assertThat(row("KEY").expiresAt()).isEqualTo(end.toEpochMilli());
        assertThat(console.audited(workspace, "secret.deposit").details()).containsEntry("expires", end.toString());

        console.clock.advance(Duration.ofDays(7));
        assertThat(shownTerms().reminder()).isEqualTo("expires-soon");
        console.clock.advance(Duration.ofDays(13));
        assertThat(shownTerms().reminder()).isEqualTo("expired");
        assertThat(reminders()).isEqualTo(1);

        put("KEY", sealed("KEY")).as(ConsoleApi.Deposited.class);
        assertThat(shownTerms()).as("how often stays").isEqualTo(new ConsoleApi.Terms(null, 30, null));
        console.clock.advance(Duration.ofDays(30));
        assertThat(shownTerms().reminder()).isEqualTo("rotation-due");
        assertThat(reminders()).isEqualTo(1);
        put("KEY", terms(sealed("KEY"), null, 0)).as(ConsoleApi.Deposited.class);
        assertThat(shownTerms()).isEqualTo(new ConsoleApi.Terms(null, null, null));
    }

    @Test
    void I7_an_end_that_can_not_be_read_is_never_taken_for_none() {
        String past = console.clock.instant().minusSeconds(1).toString();
        for (String bad : List.of("", "never", "2027-01-01", "2027-13-01T00:00:00Z", "2999-01-01T00:00:00", past)) {
            put("KEY", terms(sealed("KEY"), bad, null)).is(ProblemCode.BAD_REQUEST);
        }
        for (int bad : List.of(-1, 3651)) {
            put("KEY", terms(sealed("KEY"), null, bad)).is(ProblemCode.BAD_REQUEST);
        }
        assertThat(shown()).isEmpty();
    }

    private ConsoleApi.Terms shownTerms() {
        return shown().getFirst().terms();
    }

    private int reminders() {
        ConsoleApi.Items<ConsoleApi.VaultSummary> all =
                console.call("GET", base + "/vaults", console.first(), null).as(new TypeReference<>() {});
        return all.items().getFirst().reminders();
    }

    private static ConsoleApi.Deposit terms(
            ConsoleApi.Deposit of,
            @org.jspecify.annotations.Nullable String expires,
            @org.jspecify.annotations.Nullable Integer days) {
        return new ConsoleApi.Deposit(
                of.suite(), of.lock(), of.version(), of.box(), of.secret(), of.plainValue(), expires, days);
    }

    private ConsoleApi.Deposit sealed(String key) {
        return RunningConsole.sealed(console.lock(workspace, "v", key), key, VALUE);
    }

    private Answer put(String key, ConsoleApi.Deposit deposit) {
        return console.deposit(workspace, "v", key, deposit);
    }

    private SecretRow row(String key) {
        return console.database()
                .read(handle -> SecretRepository.find(handle, vault.id(), key))
                .orElseThrow();
    }

    private List<ConsoleApi.Entry> shown() {
        return console.call("GET", base + "/vaults/v", console.first(), null)
                .as(ConsoleApi.Vault.class)
                .secrets();
    }

    private static ConsoleApi.Deposit version(ConsoleApi.Deposit of, long version) {
        return new ConsoleApi.Deposit(
                of.suite(), of.lock(), version, of.box(), of.secret(), of.plainValue(), null, null);
    }

    private static ConsoleApi.Deposit box(ConsoleApi.Deposit of, String box) {
        return new ConsoleApi.Deposit(
                of.suite(), of.lock(), of.version(), box, of.secret(), of.plainValue(), null, null);
    }

    private static ConsoleApi.Deposit plain(ConsoleApi.Deposit of, @org.jspecify.annotations.Nullable String value) {
        return new ConsoleApi.Deposit(of.suite(), of.lock(), of.version(), of.box(), false, value, null, null);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
