package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code queue check} tells, and that it tells no more. */
class QueueCheckTest extends ConsoleTest {
    private static final InternalApi.RunnerOfQueue READY =
            new InternalApi.RunnerOfQueue("r1", "berlin", "user", "ready", null, true);

    private final String queue = base + "/queues/q";

    @BeforeEach
    void makeQueue() {
        console.vault(workspace, "whole");
        console.vault(workspace, "one");
        console.call(
                        "PUT",
                        queue,
                        console.first(),
                        Map.of(
                                "priority",
                                1,
                                "deployment",
                                Map.of(
                                        "git_url",
                                        "https://git.example/code.git",
                                        "startup_cmd",
                                        "python main.py",
                                        "vaults",
                                        List.of("whole"),
                                        "secrets",
                                        List.of(Map.of("from", "one/KEY", "as", "env", "env", "KEY")))))
                .as(ConsoleApi.QueueApplied.class);
        console.keeper.runnersOfQueue = List.of(READY);
    }

    @AfterEach
    void tidy() {
        console.keeper.runnersOfQueue = List.of();
        console.keeper.vaultsEnabled = true;
    }

    @Test
    void a_queue_is_ready_when_all_is_there() {
        deposit();
        ConsoleApi.QueueCheck check = check();
        assertThat(check.ready()).isTrue();
        assertThat(check.items()).extracting(ConsoleApi.CheckItem::answer).containsOnly("yes");
        assertThat(check.items())
                .extracting(ConsoleApi.CheckItem::check)
                .containsExactly(
                        "vaults-enabled",
                        "vault-exists",
                        "vault-released",
                        "vault-exists",
                        "vault-released",
                        "secret-deposited",
                        "runner-connected",
                        "runner-allows",
                        "workers-isolated",
                        "workers-started");
    }

    @Test
    void what_is_not_there_is_named_with_what_to_do() {
        assertThat(lacking()).containsExactly("secret-deposited one/KEY: no, nightsafe vault set one KEY");
        deposit();
        String rule = console.call("GET", base + "/vaults/one", console.first(), null)
                .as(ConsoleApi.Vault.class)
                .releaseRules()
                .getFirst()
                .id();
        console.call("DELETE", base + "/vaults/one/release-rules/" + rule, console.first(), null);
        assertThat(lacking())
                .containsExactly("vault-released one/null: no, someone with vault.release can run: nightsafe vault"
                        + " allow one --queue q");
        console.call("DELETE", base + "/vaults/one?force=true", console.first(), null);
        assertThat(lacking())
                .containsExactly("vault-exists one/null: no, it was deleted after the queue was applied; create it and"
                        + " apply the queue again");
        console.vault(workspace, "one");
        assertThat(lacking()).as("another vault of this name").hasSize(1);
    }

    @Test
    void a_key_that_was_unset_is_not_there() {
        deposit();
        console.call("DELETE", base + "/vaults/one/secrets/KEY", console.first(), null);
        assertThat(lacking()).singleElement().asString().startsWith("secret-deposited");
    }

    @Test
    void vaults_without_a_master_key_are_said() {
        deposit();
        console.keeper.vaultsEnabled = false;
        console.clock.advance(java.time.Duration.ofSeconds(3));
        assertThat(lacking()).containsExactly("vaults-enabled null/null: no, no master key was given");
        console.keeper.vaultsEnabled = true;
        console.clock.advance(java.time.Duration.ofSeconds(3));
    }

    @Test
    void a_way_that_a_vaults_floor_forbids_is_told_before_any_task_waits() {
        deposit();
        floor("one", "fd");
        assertThat(lacking())
                .singleElement()
                .asString()
                .startsWith(
                        "vault-floor one/null: no, vault 'one' gives its values as fd, and queue 'q' takes KEY as env;");
        floor("one", "env");
        assertThat(check().ready()).isTrue();
        floor("whole", "file");
        assertThat(lacking()).singleElement().asString().contains("vault-floor whole/null", "takes all of them as env");
    }

    @Test
    void a_secret_that_expired_or_will_in_a_week_is_told_and_no_other() {
        deposit();
        deposit("whole", "OTHER", null);
        Instant end = console.clock.instant().plus(Duration.ofDays(7)).truncatedTo(ChronoUnit.SECONDS);
        deposit("whole", "WHOLE", end.plusSeconds(1).toString());
        deposit("one", "UNUSED", end.minusSeconds(1).toString());
        assertThat(expiries()).isEmpty();
        deposit("one", "KEY", end.toString());
        console.clock.advance(Duration.ofSeconds(2));
        assertThat(expiries())
                .containsExactly(
                        "whole/WHOLE yes it expires at " + end.plusSeconds(1) + "; nightsafe vault set whole WHOLE",
                        "one/KEY yes it expires at " + end + "; nightsafe vault set one KEY");
        assertThat(check().ready()).isTrue();
        console.clock.advance(Duration.between(console.clock.instant(), end));
        assertThat(lacking())
                .containsExactly(
                        "secret-unexpired one/KEY: no, it expired at " + end + "; nightsafe vault set one KEY");
    }

    private List<String> expiries() {
        return check().items().stream()
                .filter(item -> item.check().equals("secret-unexpired"))
                .map(item -> item.vault() + "/" + item.key() + " " + item.answer() + " " + item.detail())
                .toList();
    }

    private void deposit(String vault, String key, @Nullable String expires) {
        ConsoleApi.Deposit sealed = RunningConsole.sealed(console.lock(workspace, vault, key), key, "v");
        console.deposit(
                        workspace,
                        vault,
                        key,
                        new ConsoleApi.Deposit(
                                sealed.suite(),
                                sealed.lock(),
                                sealed.version(),
                                sealed.box(),
                                true,
                                null,
                                expires,
                                null))
                .as(ConsoleApi.Deposited.class);
    }

    private void floor(String vault, String floor) {
        console.call("PUT", base + "/vaults/" + vault + "/floor", console.first(), new ConsoleApi.NewFloor(floor))
                .as(ConsoleApi.Floor.class);
    }

    @Test
    void bounds_of_a_release_are_told() {
        deposit();
        String digest = console.deployment(workspace, "q");
        console.call(
                        "POST",
                        base + "/vaults/one/release-rules",
                        console.first(),
                        new ConsoleApi.NewReleaseRule("q", digest, "berlin", null))
                .as(ConsoleApi.Released.class);
        assertThat(check().items())
                .filteredOn(item -> "one".equals(item.vault()) && item.check().equals("vault-released"))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.answer()).isEqualTo("yes");
                    assertThat(item.detail()).isEqualTo("only at site berlin");
                });
    }

    @Test
    void one_runner_that_has_all_is_enough_and_the_others_are_told() {
        deposit();
        console.keeper.runnersOfQueue = List.of(
                new InternalApi.RunnerOfQueue("refusing", "s", "user", "refused", "add it to allow.queues", false),
                new InternalApi.RunnerOfQueue("away", "s", "user", "offline", null, false),
                new InternalApi.RunnerOfQueue("open", "s", "none", "ready", null, true),
                new InternalApi.RunnerOfQueue("failing", "s", "user", "degraded", "exit code 1", true),
                new InternalApi.RunnerOfQueue("old", "s", "user", "ready", null, false),
                new InternalApi.RunnerOfQueue("new", "s", "user", "starting", "preparing", false));
        assertThat(check().ready()).isFalse();
        assertThat(check().items())
                .filteredOn(item -> item.runner() != null && !item.answer().equals("yes"))
                .extracting(item -> item.runner() + " " + item.check() + " " + item.answer())
                .containsExactly(
                        "refusing runner-allows no",
                        "away runner-connected no",
                        "open workers-isolated no",
                        "failing workers-started no",
                        "old workers-started not-tried",
                        "new workers-started not-tried");
        console.keeper.runnersOfQueue =
                List.of(new InternalApi.RunnerOfQueue("away", "s", "user", "offline", null, false), READY);
        assertThat(check().ready()).isTrue();
        console.keeper.runnersOfQueue = List.of();
        assertThat(check().ready()).isFalse();
        assertThat(lacking()).singleElement().asString().startsWith("runner-connected");
    }

    @Test
    void a_queue_that_is_not_there_and_a_keeper_that_is_away_are_problems() {
        console.call("GET", base + "/queues/none/check", console.first(), null).is(ProblemCode.QUEUE_NOT_FOUND);
        String reader = console.token(workspace, Permission.QUEUE_READ);
        assertThat(console.call("GET", queue + "/check", reader, null)
                        .as(ConsoleApi.QueueCheck.class)
                        .queue())
                .isEqualTo("q");
    }

    private void deposit() {
        console.deposit(
                workspace, "one", "KEY", RunningConsole.sealed(console.lock(workspace, "one", "KEY"), "KEY", "v"));
    }

    private ConsoleApi.QueueCheck check() {
        return console.call("GET", queue + "/check", console.first(), null).as(ConsoleApi.QueueCheck.class);
    }

    private List<String> lacking() {
        return check().items().stream()
                .filter(item -> !item.answer().equals("yes"))
                .map(item -> item.check() + " " + item.vault() + "/" + item.key() + ": " + item.answer() + detail(item))
                .toList();
    }

    private static String detail(ConsoleApi.CheckItem item) {
        return item.detail() == null ? "" : ", " + item.detail();
    }
}
