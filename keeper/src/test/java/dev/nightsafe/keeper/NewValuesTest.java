package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.core.queue.Renewal.OnChange;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.DatabaseAddress;
import dev.nightsafe.database.engine.Databases;
import dev.nightsafe.database.engine.Schema;
import dev.nightsafe.keeper.leases.QueueWatch;
import dev.nightsafe.keeper.leases.ValueWatch;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A console wakes a keeper that by itself would look far too late. */
class NewValuesTest extends KeeperTestCase {
    @Override
    Duration tick() {
        return Duration.ofHours(1);
    }

    @Test
    void what_a_console_says_ends_the_wait_of_the_runners_that_it_concerns() throws Exception {
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.deposit(vault, "KEY", "one");
        console.queue(workspace, "a", deployment(vault).with(new Renewal(OnChange.RESTART)));
        RunnerRole runner = runner("r1", "a");
        assertThat(changed(vault.id())).isEqualTo(1); // from here on the keeper knows this value
        KeeperApi.Serving first = runner.serving();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<KeeperApi.Serving> poll = executor.submit(() -> runner.serving(first.revision(), 20_000));
            console.deposit(vault, "KEY", "two");
            long before = System.nanoTime();
            assertThat(changed(vault.id())).isEqualTo(1);
            assertThat(poll.get().values()).isNotEqualTo(first.values());
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_vault_that_nobody_waits_for_wakes_nobody() {
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.queue(workspace, "a", deployment(vault));
        RunnerRole runner = runner("r1", "a");
        String revision = runner.serving().revision();
        assertThat(changed(vault.id())).isZero();
        assertThat(changed("no-vault-at-all")).isZero();
        assertThat(runner.serving().revision()).isEqualTo(revision);
    }

    @Test
    void only_polls_of_the_workspace_that_it_happens_in_are_woken() {
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.deposit(vault, "KEY", "one");
        console.queue(workspace, "a", deployment(vault).with(new Renewal(OnChange.RESTART)));
        String other = console.workspace("other-" + workspace);
        try (Database tables = Databases.openReadOnly(DatabaseAddress.parse(database("console")), Schema.CONSOLE);
                Waiters waiters = new Waiters();
                Waiters.Ticket own = waiters.enter(QueueWatch.changedIn(workspace));
                Waiters.Ticket others = waiters.enter(QueueWatch.changedIn(other))) {
            QueueWatch queues = new QueueWatch(tables, waiters);
            ValueWatch values = new ValueWatch(tables, queues, waiters);
            values.refresh();
            console.deposit(vault, "KEY", "two");
            values.refresh();
            assertThat(own.await(Duration.ZERO)).isTrue();
            assertThat(others.await(Duration.ZERO)).isFalse();
            console.queue(other, "a", deployment());
            queues.refresh();
            assertThat(own.await(Duration.ZERO)).isFalse();
            assertThat(others.await(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void another_release_rule_is_news_where_files_are_replaced_and_starts_nothing_anew() {
        ConsoleRole.Vault vault = console.vault(workspace, "v");
        console.deposit(vault, "KEY", "one");
        Deployment files = deployment(
                List.of(), List.of(new Deployment.SecretRef(vault.key("KEY"), Deployment.As.FILE, "KEY_FILE")), null);
        ConsoleRole.Queue live = console.queue(workspace, "a", files.with(new Renewal(OnChange.LIVE)));
        console.queue(workspace, "b", files.with(new Renewal(OnChange.RESTART)));
        RunnerRole runner = runner("r1", "*");
        assertThat(changed(vault.id())).isEqualTo(2);
        List<KeeperApi.Values> before = runner.serving().values();
        console.allow(vault, live);
        assertThat(changed(vault.id())).isEqualTo(2);
        List<KeeperApi.Values> after = runner.serving().values();
        assertThat(after.getFirst()).isNotEqualTo(before.getFirst());
        assertThat(after.getLast()).isEqualTo(before.getLast());
    }

    private int changed(String vault) {
        return console.keeper()
                .send("POST", "/internal/v1/new-values", new InternalApi.NewValues(List.of(vault)), null)
                .as(InternalApi.Count.class)
                .count();
    }
}
