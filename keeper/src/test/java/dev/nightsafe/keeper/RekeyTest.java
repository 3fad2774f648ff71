package dev.nightsafe.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RekeyTest extends KeeperTestCase {
    private ConsoleRole.Vault before;
    private RunnerRole runner;
    private KeeperApi.ServingLease lease;

    @BeforeEach
    void grantOnce() {
        before = console.vault(workspace, "v");
        console.deposit(before, "K", "value");
        ConsoleRole.Queue queue = console.queue(workspace, "q", deployment(before));
        console.allow(before, queue);
        runner = runner("r1", "q");
        lease = runner.lease();
        assertThat(values()).containsExactly("v/K@1=value");
    }

    @Test
    void a_version_that_was_released_is_granted_before_while_and_after_its_vault_gets_other_locks() {
        ConsoleRole.Vault second = console.relock(before);
        assertThat(values()).containsExactly("v/K@1=value");
        console.rekey(second, "K");
        assertThat(values()).containsExactly("v/K@1=value");
        assertThat(retired(second)).isEqualTo(1);
        assertThat(values()).containsExactly("v/K@1=value");

        ConsoleRole.Vault third = console.relock(second);
        console.deposit(third, "L", "deposited meanwhile");
        console.rekey(third, "K");
        assertThat(retired(third)).isEqualTo(1);
        assertThat(values()).containsExactly("v/K@1=value", "v/L@1=deposited meanwhile");
    }

    @Test
    void I3_another_value_for_a_version_that_was_released_is_refused_under_a_new_lock_too() {
        ConsoleRole.Vault after = console.relock(before);
        console.rekey(after, "K");
        byte[] origin = origin();
        DepositBinding binding = new DepositBinding(after.workspace(), after.id(), "K", 1, true);
        console.accept(after, binding, sealed(after, binding));
        refused(ProblemCode.ROLLED_BACK);
        console.sql("UPDATE secret SET origin = ? WHERE vault_id = ?", origin, after.id());
        refused(ProblemCode.SECRET_UNREADABLE);
        console.sql("UPDATE secret SET origin = ? WHERE vault_id = ?", new byte[] {1}, after.id());
        refused(ProblemCode.SECRET_UNREADABLE);
    }

    @Test
    void I3_another_value_stays_another_one_when_the_keeper_seals_it_anew() {
        DepositBinding binding = new DepositBinding(before.workspace(), before.id(), "K", 1, true);
        console.accept(before, binding, sealed(before, binding));
        refused(ProblemCode.ROLLED_BACK);
        console.rekey(console.relock(before), "K");
        refused(ProblemCode.ROLLED_BACK);
    }

    @Test
    void nothing_goes_back_to_an_older_lock() {
        ConsoleRole.Vault after = console.relock(before);
        console.reseal(before, before.lock().id(), console.stored(before, "K", 2))
                .as(InternalApi.Resealed.class);
        console.rekey(after, "K");
        console.reseal(before, before.lock().id(), console.stored(after, "K")).refusedWith(ProblemCode.LOCK_CHANGED);
        console.reseal(before, before.lock().id(), console.stored(after, "K", 2))
                .refusedWith(ProblemCode.LOCK_CHANGED);
    }

    @Test
    void an_older_key_is_destroyed_only_when_nothing_is_under_it_and_then_opens_nothing() {
        InternalApi.StoredBox old = console.stored(before, "K");
        ConsoleRole.Vault after = console.relock(before);
        console.retire(after).refusedWith(ProblemCode.WRONG_STATE);
        assertThat(values()).containsExactly("v/K@1=value");
        console.rekey(after, "K");
        assertThat(retired(after)).isEqualTo(1);
        assertThat(retired(after)).isZero();
        assertThat(console.reseal(after, after.lock().id(), old).refusedWith(ProblemCode.SECRET_UNREADABLE))
                .contains("a lock that this vault doesn't have");
        ConsoleApi.AuditEvent event = console.audit(workspace).getLast();
        assertThat(event.action()).isEqualTo("lock.destroy");
        assertThat(event.details())
                .containsEntry("lock", after.lock().id())
                .containsEntry("destroyed", before.lock().id());
    }

    @Test
    void an_older_key_is_not_destroyed_while_a_box_only_says_that_it_is_under_the_new_lock() {
        console.deposit(before, "K", "second");
        console.deposit(before, "L", "other");
        ConsoleRole.Vault after = console.relock(before);
        console.rekey(after, "K");
        console.rekey(after, "L");
        console.sql(
                "UPDATE secret_version SET lock_id = ? WHERE vault_id = ?",
                after.lock().id(),
                after.id());
        assertThat(console.retire(after).refusedWith(ProblemCode.SECRET_UNREADABLE))
                .contains("v/K@1");
        console.sql("DELETE FROM secret_version WHERE vault_id = ?", after.id());

        console.sql("UPDATE secret SET expires_at = 1 WHERE vault_id = ? AND key = 'L'", after.id());
        assertThat(console.retire(after).refusedWith(ProblemCode.SECRET_UNREADABLE))
                .contains("v/L@1");
        console.sql("UPDATE secret SET expires_at = 0 WHERE vault_id = ? AND key = 'L'", after.id());
        assertThat(retired(after)).isEqualTo(1);
    }

    @Test
    void tables_that_were_set_back_destroy_no_newer_key_and_get_nothing_opened() {
        console.sql(
                "CREATE TABLE copied_" + copy() + " AS SELECT * FROM secret WHERE vault_id = '" + before.id() + "'");
        ConsoleRole.Vault after = console.relock(before);
        console.setLock(before, before.lock().id());
        console.retire(before).refusedWith(ProblemCode.LOCK_CHANGED);
        console.retire(after).refusedWith(ProblemCode.LOCK_CHANGED);
        console.setLock(after, after.lock().id());
        console.rekey(after, "K");
        assertThat(retired(after)).isEqualTo(1);

        console.setLock(before, before.lock().id());
        console.sql("DELETE FROM secret WHERE vault_id = ?", before.id());
        console.sql("INSERT INTO secret SELECT * FROM copied_" + copy());
        refused(ProblemCode.SECRET_UNREADABLE);
        console.retire(before).refusedWith(ProblemCode.LOCK_CHANGED);
        console.retire(after).refusedWith(ProblemCode.LOCK_CHANGED);
    }

    @Test
    void grants_and_deposits_go_on_while_a_vault_gets_one_lock_after_the_other() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> granted = List.of(grantUntil(others, over), grantUntil(others, over));
            ConsoleRole.Vault now = before;
            for (int i = 0; i < 15; i++) {
                now = console.relock(now);
                console.rekey(now, "K");
                assertThat(retired(now)).isEqualTo(1);
            }
            over.set(true);
            for (Future<Integer> one : granted) {
                assertThat(one.get()).isPositive();
            }
        }
    }

    private Future<Integer> grantUntil(ExecutorService executor, AtomicBoolean over) {
        return executor.submit(() -> {
            int grants = 0;
            while (!over.get() || grants == 0) {
                assertThat(values()).containsExactly("v/K@1=value");
                grants++;
            }
            return grants;
        });
    }

    private List<String> values() {
        return runner.values(lease, null);
    }

    private void refused(ProblemCode code) {
        runner.ask(lease, "worker", null).refusedWith(code);
        assertThat(console.audit(workspace).getLast().outcome()).isEqualTo(code.code());
    }

    private int retired(ConsoleRole.Vault vault) {
        return console.retire(vault).as(InternalApi.Count.class).count();
    }

    private byte[] origin() {
        return java.util.Base64.getDecoder().decode(console.stored(before, "K").origin());
    }

    private String copy() {
        return before.id().replace("-", "");
    }

    private static byte[] sealed(ConsoleRole.Vault vault, DepositBinding binding) {
        try (SecretBytes value = SecretBytes.takeFrom("another".getBytes(StandardCharsets.UTF_8))) {
            return Sealing.seal(vault.lock(), binding, value);
        }
    }
}
