package dev.nightsafe.keeper.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Committers;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.DatabaseAddress;
import dev.nightsafe.database.engine.Databases;
import dev.nightsafe.database.engine.Schema;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.TaskLeases;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.keys.DataKeys;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.platform.Waiters;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a task after its lease was looked at and before its result is stored. */
class TaskLeasingTest {
    private static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final Runners.Row RUNNER =
            new Runners.Row("r1", "w1", "runner", "site", "*", new byte[32], "none", 0, null, null, null, new byte[32]);
    private static final KeeperApi.TaskResult RESULT =
            new KeeperApi.TaskResult(1, "succeeded", Json.MAPPER.nullNode(), null, false, null, null);

    private final SettableClock clock = SettableClock.atPresent();
    private Database keys;
    private Committer ofKeys;
    private DataKeys dataKeys;
    private Database database;
    private Committer committer;
    private TaskLeasing leasing;
    private Consumer<Handle> before = _ -> {};

    @BeforeEach
    void leaseATask(@TempDir Path folder) {
        keys = open(folder.resolve("keys.db"), Schema.KEYS);
        ofKeys = Committers.startWithoutAudit(keys, clock);
        dataKeys = DataKeys.open(folder.resolve("data.keys"));
        database = open(folder.resolve("keeper.db"), Schema.KEEPER);
        committer = Committers.startWithoutAudit(database, clock);
        Root root = Root.open(keys, ofKeys, dataKeys, folder);
        TaskSignals signals = new TaskSignals(new Waiters());
        leasing = new TaskLeasing(database, new Late(), root, dataKeys, signals, clock, LIFETIME);
        committer.commit(transaction -> {
            Tasks.New task = new Tasks.New(
                    "t1", "w1", "q1", 1, "queue", "default", 1, null, 1, "somebody", null, null, new byte[] {1});
            Tasks.insert(transaction.handle(), task, new Tasks.Limits(3, 0, 0, 0, 0));
            return take(transaction.handle(), "l1");
        });
    }

    @AfterEach
    void close() {
        committer.close();
        database.close();
        dataKeys.close();
        ofKeys.close();
        keys.close();
    }

    @Test
    void one_that_is_cancelled_is_cancelled_though_it_succeeded() {
        before = handle -> Tasks.cancel(handle, "t1", clock.millis());
        assertThat(leasing.result(RUNNER, "l1", RESULT).state()).isEqualTo("cancelled");
        assertThat(task().state()).isEqualTo("cancelled");
        assertThat(task().finishedAt()).isNotNull();
    }

    @Test
    void I4_one_that_went_to_another_keeps_the_other() {
        before = handle -> {
            TaskLeases.putBackOfRunner(handle, "r1", clock.millis());
            take(handle, "l2");
        };
        assertLost();
        assertThat(task().leaseId()).isEqualTo("l2");
        assertThat(task().state()).isEqualTo("running");
    }

    @Test
    void I4_one_whose_lease_expires_isnt_ended() {
        before = _ -> clock.advance(LIFETIME);
        assertLost();
        assertThat(task().state()).isEqualTo("running");
    }

    private void assertLost() {
        assertThatThrownBy(() -> leasing.result(RUNNER, "l1", RESULT))
                .isInstanceOfSatisfying(
                        NightsafeException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.LEASE_LOST));
    }

    private Tasks.Row task() {
        return database.read(handle -> Tasks.find(handle, "w1", "t1")).orElseThrow();
    }

    private boolean take(Handle handle, String leaseId) {
        TaskLeases.New lease = new TaskLeases.New(leaseId, "s1", "r1", "q1", 1, clock.millis() + LIFETIME.toMillis());
        return TaskLeases.take(handle, database.engine(), lease, "default", clock.millis())
                .isPresent();
    }

    private static Database open(Path file, Schema schema) {
        return Databases.open(DatabaseAddress.parse("sqlite:" + file), schema);
    }

    /** Something else is committed first. */
    private final class Late implements Committer {
        @Override
        public <T extends @Nullable Object> T commit(Work<T> work) {
            committer.commit(transaction -> {
                before.accept(transaction.handle());
                return true;
            });
            return committer.commit(work);
        }

        @Override
        public void close() {
            // The test closes it.
        }
    }
}
