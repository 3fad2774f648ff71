package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.RowMac;
import dev.nightsafe.console.vaults.Rekeying;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.SecretRepository;
import dev.nightsafe.database.console.SecretRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;

class RekeyTest extends RekeyTestCase {
    @Test
    void every_value_comes_under_the_new_lock_as_the_same_version_and_the_older_key_is_destroyed() throws IOException {
        console.call("GET", rekey, console.first(), null).is(ProblemCode.NOT_FOUND);
        assertThat(console.call("POST", rekey, console.first(), null).status()).isEqualTo(202);
        ConsoleApi.Rekey done = until(now -> now.state().equals("done"));
        assertThat(done.total()).isEqualTo(3);
        assertThat(done.done()).isEqualTo(3);
        assertThat(done.startedBy()).startsWith("token:");
        assertThat(console.keeper.retired).contains(vault.id());

        ConsoleApi.LockForDeposit after = console.lock(workspace, "v", "A");
        assertThat(after.serial()).isGreaterThan(before.serial());
        assertThat(after.lock()).isNotEqualTo(before.lock());
        assertThat(under(before.lock())).isZero();
        SecretRow row = row("A");
        assertThat(row.version()).isEqualTo(2);
        assertThat(row.origin()).hasSize(64);
        assertThat(opened(row)).isEqualTo("second");
        assertMacIsRight(row);
        assertThat(restored("A", 1)).isEqualTo("first");
        assertThat(shown().rekey()).isEqualTo(done);
    }

    @Test
    void it_is_audited_with_lock_and_rekey_when_asked_for_when_the_lock_changes_and_when_it_is_done() {
        begin();
        until(now -> now.state().equals("done"));
        String lock = console.lock(workspace, "v", "A").lock();
        String id = Objects.requireNonNull(
                console.audited(workspace, "vault.rekey").details().get("rekey"));
        assertThat(console.audited(workspace, "vault.lock").details())
                .containsEntry("lock", lock)
                .containsEntry("rekey", id);
        assertThat(console.audited(workspace, "vault.rekeyed").details())
                .containsEntry("lock", lock)
                .containsEntry("rekey", id)
                .containsEntry("keysDestroyed", "1");
    }

    @Test
    void a_deposit_for_the_old_lock_is_refused_as_that_and_one_for_the_new_lock_is_kept() {
        ConsoleApi.Deposit late = RunningConsole.sealed(before, "A", "third");
        console.keeper.whileResealing = () -> {
            console.keeper.whileResealing = () -> {};
            console.deposit(workspace, "v", "A", late).is(ProblemCode.LOCK_CHANGED);
            deposit("A", "third");
        };
        begin();
        until(now -> now.state().equals("done"));
        assertThat(row("A").version()).isEqualTo(3);
        assertThat(row("A").origin()).isEmpty();
        assertThat(opened(row("A"))).isEqualTo("third");
        assertThat(under(before.lock())).isZero();
        assertThat(restored("A", 2)).isEqualTo("second");
    }

    @Test
    void it_goes_on_where_it_was_after_a_restart_of_the_console_and_when_the_keeper_is_back() {
        byte[] large = new byte[1_000_000];
        for (String key : new String[] {"C", "D", "E", "F"}) {
            deposit(key, new String(large, StandardCharsets.UTF_8));
        }
        console.keeper.resealsLeft.set(5);
        begin();
        ConsoleApi.Rekey hindered = until(now -> now.problem() != null && now.done() > 0);
        assertThat(hindered.state()).isEqualTo("resealing");
        assertThat(hindered.total()).isEqualTo(7);
        assertThat(hindered.done()).isBetween(1L, 5L);
        assertThat(console.keeper.retired).doesNotContain(vault.id());
        int locks = console.keeper.byLock.size();
        console.restart();
        assertThat(begin().done()).isEqualTo(hindered.done());
        console.keeper.resealsLeft.set(7 - hindered.done());
        until(now -> now.state().equals("done"));
        assertThat(console.keeper.byLock).as("no further lock was made").hasSize(locks);
        assertThat(under(before.lock())).isZero();
        assertThat(opened(row("A"))).isEqualTo("second");
    }

    @Test
    void what_the_keeper_cannot_open_keeps_the_older_key_and_is_told_until_it_is_gone() {
        sql("UPDATE secret SET box = box_hash WHERE key = 'B' AND vault_id = '" + vault.id() + "'");
        begin();
        ConsoleApi.Rekey stuck = until(now -> now.state().equals("stuck"));
        assertThat(stuck.refused()).isEqualTo(1);
        assertThat(stuck.done()).isEqualTo(2);
        assertThat(stuck.problem()).contains("does not open");
        assertThat(console.keeper.retired).doesNotContain(vault.id());
        assertThat(shown().rekey()).isEqualTo(stuck);

        console.call("DELETE", base + "/vaults/v/secrets/B", console.first(), null);
        begin();
        until(now -> now.state().equals("done"));
        assertThat(console.keeper.retired).contains(vault.id());
    }

    @Test
    void a_vault_whose_lock_somebody_set_back_meanwhile_is_left_alone_until_another_rekey_is_asked_for() {
        console.keeper.resealsLeft.set(0);
        begin();
        until(now -> now.problem() != null);
        sql("UPDATE vault SET lock_id = '" + before.lock() + "' WHERE id = '" + vault.id() + "'");
        console.keeper.resealsLeft.set(Long.MAX_VALUE);
        lookAfterAll();
        ConsoleApi.Rekey overtaken = until(_ -> true);
        assertThat(overtaken.problem()).contains("somebody changed the console's tables");
        assertThat(console.keeper.retired).doesNotContain(vault.id());

        assertThat(begin().startedAt()).isNotEqualTo(overtaken.startedAt());
        until(now -> now.state().equals("done"));
        assertThat(console.lock(workspace, "v", "A").lock()).isNotEqualTo(before.lock());
        assertThat(under(before.lock())).isZero();
        assertThat(opened(row("A"))).isEqualTo("second");
    }

    @Test
    void a_box_that_only_says_that_it_is_under_the_new_lock_is_told_and_the_rekey_goes_on_without_it() {
        console.keeper.keepsOlderKeys = true;
        begin();
        ConsoleApi.Rekey stuck = until(now -> now.state().equals("stuck"));
        assertThat(stuck.refused()).isEqualTo(1);
        assertThat(stuck.problem()).contains("the older opening keys stay: v/B@1");
        console.keeper.keepsOlderKeys = false;
        begin();
        until(now -> now.state().equals("done"));
    }

    @Test
    void more_boxes_than_a_hundred_that_do_not_open_keep_no_other_box_from_the_new_lock() {
        sql(
                "INSERT INTO secret SELECT vault_id, 'A' || n, 'a' || n, version, suite, lock_id, box, box_hash, accepted_mac,"
                        + " origin, is_secret, plain_value, expires_at, rotate_days, updated_at, updated_by FROM secret,"
                        + " (WITH RECURSIVE i(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM i WHERE n < 200) SELECT n FROM i) AS i"
                        + " WHERE vault_id = '" + vault.id() + "' AND key = 'B'");
        begin();
        ConsoleApi.Rekey stuck = until(now -> now.state().equals("stuck") && now.refused() == 101);
        assertThat(stuck.done()).isEqualTo(3);
        assertThat(stuck.problem()).contains("does not open").contains("and 100 more");
        assertThat(opened(row("B"))).isEqualTo("other");
        assertThat(under(before.lock())).isEqualTo(101);

        sql("DELETE FROM secret WHERE vault_id = '" + vault.id() + "' AND lock_id = '" + before.lock() + "'");
        begin();
        until(now -> now.state().equals("done"));
    }

    @Test
    void a_second_rekey_makes_another_lock_and_one_that_is_under_way_is_answered_again() {
        console.keeper.resealsLeft.set(0);
        ConsoleApi.Rekey first = begin();
        assertThat(begin().startedAt()).isEqualTo(first.startedAt());
        console.keeper.resealsLeft.set(Long.MAX_VALUE);
        begin();
        until(now -> now.state().equals("done"));
        String lock = console.lock(workspace, "v", "A").lock();
        console.clock.advance(Duration.ofMinutes(1));
        assertThat(begin().startedAt()).isNotEqualTo(first.startedAt());
        until(now -> now.state().equals("done"));
        assertThat(console.lock(workspace, "v", "A").lock()).isNotEqualTo(lock);
        assertThat(opened(row("A"))).isEqualTo("second");
    }

    @Test
    void two_that_work_on_one_rekey_at_once_disturb_each_other_in_nothing() {
        CountDownLatch both = new CountDownLatch(2);
        console.keeper.whileResealing = () -> {
            both.countDown();
            await(both);
        };
        Rekeying another = another();
        try {
            int locks = console.keeper.byLock.size();
            begin();
            until(now -> now.state().equals("resealing"));
            another.start(); // has the same boxes in hand, or the first one would wait for ever
            ConsoleApi.Rekey done = until(now -> now.state().equals("done"));
            assertThat(both.getCount()).isZero();
            assertThat(done.total()).isEqualTo(3);
            assertThat(console.keeper.byLock).hasSize(locks + 1);
        } finally {
            another.stop();
        }
        assertThat(under(before.lock())).isZero();
        assertThat(opened(row("A"))).isEqualTo("second");
        assertThat(restored("A", 1)).isEqualTo("first");
        assertThat(stored()).as("each box once").isEqualTo(3);
        assertThat(console.audits(workspace, "vault.lock")).hasSize(1);
        assertThat(console.audits(workspace, "vault.rekeyed")).hasSize(1);
    }

    @Test
    void the_rekey_of_a_large_vault_gives_way_to_another_ones_and_goes_on_where_it_was() {
        byte[] large = new byte[1_000_000];
        for (String key : new String[] {"C", "D", "E", "F", "G", "H"}) {
            deposit(key, new String(large, StandardCharsets.UTF_8));
        }
        ConsoleApi.Vault small = console.vault(workspace, "small");
        Rekeying usual = console.console.context().getBean(Rekeying.class);
        usual.stop();
        Rekeying sliced = another(Duration.ZERO);
        try {
            begin();
            console.clock.advance(Duration.ofSeconds(1)); // the oldest comes first
            console.call("POST", base + "/vaults/small/rekey", console.first(), null)
                    .as(ConsoleApi.Rekey.class);
            sliced.start();
            assertThat(until(now -> now.state().equals("done")).done()).isEqualTo(9);
        } finally {
            sliced.stop();
            usual.start();
        }
        assertThat(under(before.lock())).isZero();
        assertThat(console.keeper.retired).containsSubsequence(small.id(), vault.id());
    }

    /** Boxes that were put in the place of another. */
    private long stored() {
        return console.database()
                .read(handle -> handle.createQuery("SELECT done FROM rekey WHERE vault_id = :vault")
                        .bind("vault", vault.id())
                        .mapTo(Long.class)
                        .one());
    }

    /** As another console on the same database would have it. */
    private Rekeying another() {
        return another(Duration.ofSeconds(10));
    }

    private Rekeying another(Duration slice) {
        BeanFactory parts = console.console.context();
        return new Rekeying(
                parts.getBean(Database.class),
                parts.getBean(Committer.class),
                parts.getBean(Keeper.class),
                parts.getBean(Mac.class),
                parts.getBean(RowMac.class),
                slice);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ConsoleApi.Vault shown() {
        return console.call("GET", base + "/vaults/v", console.first(), null).as(ConsoleApi.Vault.class);
    }

    private String restored(String key, long version) {
        console.call(
                        "POST",
                        base + "/vaults/v/secrets/" + key + "/versions/" + version + "/restore",
                        console.first(),
                        null)
                .as(ConsoleApi.Deposited.class);
        return opened(row(key));
    }

    private SecretRow row(String key) {
        return console.database()
                .read(handle -> SecretRepository.find(handle, vault.id(), key))
                .orElseThrow();
    }

    private String opened(SecretRow row) {
        OpeningKey key = Objects.requireNonNull(console.keeper.keys.get(vault.id()));
        DepositBinding binding = new DepositBinding(vault.workspaceId(), vault.id(), row.key(), row.version(), true);
        try (SecretBytes value = Sealing.open(key, binding, row.box())) {
            return value.exposing(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private void assertMacIsRight(SecretRow row) throws IOException {
        DepositBinding binding = new DepositBinding(vault.workspaceId(), vault.id(), row.key(), row.version(), true);
        try (Mac keepers = new Mac(SecretBytes.takeFrom(
                Files.readAllBytes(console.home.resolve("keeper").resolve("deposit.key"))))) {
            assertThat(keepers.verifies(
                            binding.authenticated(row.lockId(), row.boxHash(), row.expiresAt()), row.acceptedMac()))
                    .isTrue();
        }
    }

    /** Boxes, of older versions too. */
    private long under(String lock) {
        return console.database()
                .read(handle -> handle.createQuery("SELECT (SELECT COUNT(*) FROM secret WHERE lock_id = :lock"
                                + " AND box IS NOT NULL) + (SELECT COUNT(*) FROM secret_version WHERE lock_id = :lock"
                                + " AND box IS NOT NULL)")
                        .bind("lock", lock)
                        .mapTo(Long.class)
                        .one());
    }
}
