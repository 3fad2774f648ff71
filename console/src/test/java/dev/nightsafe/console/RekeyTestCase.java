package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A vault with three values, one of an older version. */
abstract class RekeyTestCase extends ConsoleTest {
    final String rekey = base + "/vaults/v/rekey";

    @SuppressWarnings("NullAway.Init") // before each test
    ConsoleApi.Vault vault;

    @SuppressWarnings("NullAway.Init") // before each test
    ConsoleApi.LockForDeposit before;

    @BeforeEach
    void makeVault() {
        vault = console.vault(workspace, "v");
        deposit("A", "first");
        deposit("A", "second");
        deposit("B", "other");
        before = console.lock(workspace, "v", "A");
    }

    @AfterEach
    void keeperIsBack() {
        console.keeper.resealsLeft.set(Long.MAX_VALUE);
        console.keeper.whileResealing = () -> {};
        console.keeper.keepsOlderKeys = false;
    }

    ConsoleApi.Rekey begin() {
        return console.call("POST", rekey, console.first(), null).as(ConsoleApi.Rekey.class);
    }

    ConsoleApi.Rekey until(Predicate<ConsoleApi.Rekey> condition) {
        return until(rekey, condition);
    }

    private ConsoleApi.Rekey until(String path, Predicate<ConsoleApi.Rekey> condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            ConsoleApi.Rekey now =
                    console.call("GET", path, console.first(), null).as(ConsoleApi.Rekey.class);
            if (condition.test(now)) {
                return now;
            }
            assertThat(System.nanoTime()).as("still %s", now).isLessThan(end);
        }
    }

    /** Somebody writes into the console's database. */
    void sql(String statement) {
        console.console
                .context()
                .getBean(Committer.class)
                .commit(transaction -> transaction.handle().execute(statement));
    }

    void deposit(String key, String value) {
        console.deposit(workspace, "v", key, RunningConsole.sealed(console.lock(workspace, "v", key), key, value))
                .as(ConsoleApi.Deposited.class);
    }

    /** Has the console look after every rekey that is under way; when it returns, that is done. */
    void lookAfterAll() {
        String other = "other" + Ids.next().replace("-", "");
        console.vault(workspace, other);
        String path = base + "/vaults/" + other + "/rekey";
        console.clock.advance(Duration.ofSeconds(1)); // the oldest comes first
        console.call("POST", path, console.first(), null).as(ConsoleApi.Rekey.class);
        until(path, now -> now.state().equals("done"));
    }
}
