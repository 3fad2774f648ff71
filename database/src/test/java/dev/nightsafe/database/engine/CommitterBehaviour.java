package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the committer promises on every engine. */
abstract class CommitterBehaviour extends OnAnEngine {
    private static final Tuning IMPATIENT = OpenConsole.tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 4096);

    private Peer peer;
    private OpenConsole console;

    @BeforeEach
    void open() {
        peer = freshPeer();
        console = OpenConsole.of(peer);
    }

    @AfterEach
    void close() {
        console.close();
    }

    final Peer peer() {
        return peer;
    }

    final OpenConsole console() {
        return console;
    }

    @Test
    void what_was_committed_is_there_for_the_next_read() {
        for (String id : new String[] {"a", "b", "c"}) {
            console.create(id);
            assertThat(console.workspaces()).contains(id);
        }
    }

    @Test
    void the_work_answers_and_has_the_clocks_time() {
        assertThat(console.committer.commit(Transaction::now)).isEqualTo(OpenConsole.NOW.toEpochMilli());
        assertThat(console.committer.<@Nullable Object>commit(transaction -> null))
                .isNull();
    }

    @Test
    void sixty_four_callers_share_one_commit() throws InterruptedException {
        try (Callers callers = new Callers(console.committer)) {
            for (int i = 0; i < 64; i++) {
                String id = "w" + i;
                callers.add(transaction -> {
                    OpenConsole.insert(transaction, id);
                    transaction.audit(OpenConsole.created(id));
                });
            }
        }
        assertThat(console.workspaces()).hasSize(64);
        assertThat(console.verified().events()).isEqualTo(64);
        assertThat(console.verified().problem()).isNull();
        assertThat(console.signatures()).isEqualTo(1);
    }

    @Test
    void a_submission_that_fails_is_rolled_back_alone_and_leaves_no_event() throws InterruptedException {
        IllegalStateException own = new IllegalStateException("the work's own");
        Callers.Caller failed;
        try (Callers callers = new Callers(console.committer)) {
            callers.add(transaction -> create(transaction, "before"));
            failed = callers.add(transaction -> {
                create(transaction, "failing");
                throw own;
            });
            callers.add(transaction -> create(transaction, "after"));
        }
        assertThatThrownBy(failed.outcome()::get)
                .isInstanceOf(ExecutionException.class)
                .hasCause(own);
        assertThat(console.workspaces()).containsExactly("after", "before");
        assertThat(console.verified().events()).isEqualTo(2);
        assertThat(console.verified().problem()).isNull();
    }

    @Test
    void a_unique_violation_is_known_on_every_engine_and_harms_nobody_else() throws InterruptedException {
        console.create("taken");
        Callers.Caller failed;
        try (Callers callers = new Callers(console.committer)) {
            callers.add(transaction -> create(transaction, "before"));
            failed = callers.add(transaction -> create(transaction, "taken"));
            callers.add(transaction -> create(transaction, "after"));
        }
        assertThat(failed.outcome()).isCompletedExceptionally();
        assertThat(Databases.isUniqueViolation(failed.outcome().exceptionNow())).isTrue();
        assertThat(console.workspaces()).containsExactly("after", "before", "taken");
        assertThat(console.verified().problem()).isNull();
    }

    @Test
    void another_failure_is_no_unique_violation() {
        assertThatThrownBy(() -> console.committer.commit(
                        transaction -> transaction.handle().execute("INSERT INTO workspace (id) VALUES ('x')")))
                .satisfies(
                        error -> assertThat(Databases.isUniqueViolation(error)).isFalse());
    }

    @Test
    void work_that_finds_something_else_unavailable_fails_alone() throws InterruptedException {
        Callers.Caller failed;
        try (Callers callers = new Callers(console.committer)) {
            callers.add(transaction -> create(transaction, "before"));
            failed = callers.add(transaction -> {
                create(transaction, "failing");
                throw new NightsafeException(
                        ProblemCode.KEEPER_UNAVAILABLE, "not here", new SQLTransientConnectionException());
            });
        }
        assertThat(failed.problem()).isEqualTo(ProblemCode.KEEPER_UNAVAILABLE);
        assertThat(console.workspaces()).containsExactly("before");
    }

    @Test
    void a_violation_that_the_work_swallows_never_separates_rows_from_their_event() {
        console.create("taken");
        // SQLite undoes that statement alone; PostgreSQL then refuses the whole submission.
        boolean stored = attempt(() -> console.committer.commit(transaction -> {
            create(transaction, "other");
            assertThatThrownBy(() -> OpenConsole.insert(transaction, "taken"))
                    .satisfies(error ->
                            assertThat(Databases.isUniqueViolation(error)).isTrue());
            return null;
        }));
        assertThat(console.workspaces().contains("other")).isEqualTo(stored);
        assertThat(console.verified().events()).isEqualTo(stored ? 2 : 1);
        assertThat(console.verified().problem()).isNull();
    }

    @Test
    void a_commit_that_fails_fails_everybody_in_it_and_leaves_no_gap() throws InterruptedException {
        console.create("first");
        console.committer.commit(transaction -> transaction
                .handle()
                .execute("CREATE TABLE child (parent TEXT REFERENCES workspace (id) DEFERRABLE INITIALLY DEFERRED)"));
        Callers.Caller innocent;
        Callers.Caller guilty;
        try (Callers callers = new Callers(console.committer)) {
            innocent = callers.add(transaction -> create(transaction, "innocent"));
            guilty = callers.add(transaction -> {
                create(transaction, "guilty");
                transaction.handle().execute("INSERT INTO child (parent) VALUES ('nobody')");
            });
        }
        assertThat(innocent.problem()).isEqualTo(ProblemCode.INTERNAL);
        assertThat(guilty.problem()).isEqualTo(ProblemCode.INTERNAL);
        assertThat(console.workspaces()).containsExactly("first");

        console.create("second");
        assertThat(console.verified().events()).isEqualTo(2);
        assertThat(console.verified().problem()).isNull();
    }

    @Test
    void a_transaction_is_of_no_use_after_its_work() {
        AtomicReference<Transaction> kept = new AtomicReference<>();
        console.committer.commit(transaction -> {
            kept.set(transaction);
            return null;
        });
        assertThatThrownBy(() -> kept.get().audit(OpenConsole.created("late")))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept.get().handle()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void work_can_not_end_the_transaction_that_it_shares() {
        assertThatThrownBy(() -> console.committer.commit(
                        transaction -> transaction.handle().commit()))
                .isInstanceOf(IllegalStateException.class);
        console.committer.commit(transaction -> transaction.handle().inTransaction(handle -> {
            create(transaction, "nested");
            return null;
        }));
        assertThat(console.workspaces()).containsExactly("nested");
    }

    @Test
    void more_than_fit_in_the_queue_are_refused_at_once() throws InterruptedException {
        console.close();
        console = OpenConsole.of(peer, OpenConsole.tuning(Duration.ofSeconds(5), Duration.ofMinutes(1), 100));
        Callers.Caller surplus;
        try (Callers callers = new Callers(console.committer)) {
            for (int i = 0; i < 100; i++) {
                String id = "w" + i;
                callers.add(transaction -> create(transaction, id));
            }
            surplus = callers.add(transaction -> create(transaction, "surplus"));
            assertThat(surplus.problem()).isEqualTo(ProblemCode.OVERLOADED);
        }
        assertThat(console.workspaces()).hasSize(100).doesNotContain("surplus");
        assertThat(Tuning.PRODUCTION.maxWaiting()).isEqualTo(4096);
    }

    @Test
    void who_gives_up_waiting_is_never_stored() throws InterruptedException {
        console.close();
        console = OpenConsole.of(peer, IMPATIENT);
        Callers.Caller impatient;
        try (Callers callers = new Callers(console.committer)) {
            impatient = callers.add(transaction -> create(transaction, "impatient"));
            impatient.thread().join();
        } finally {
            console.close();
            console = OpenConsole.of(peer);
        }
        assertThat(impatient.problem()).isEqualTo(ProblemCode.OVERLOADED);
        assertThat(console.workspaces()).isEmpty();
    }

    /** In production 30 s: nobody is kept waiting for an audit that can't be written. */
    @Test
    void who_waits_for_a_commit_that_hangs_is_told_after_three_times_its_patience() {
        console.close();
        console = OpenConsole.of(peer, IMPATIENT);
        CountDownLatch hanging = new CountDownLatch(1);
        try {
            NightsafeException told = Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(10),
                    () -> catchThrowableOfType(
                            NightsafeException.class,
                            () -> console.committer.commit(transaction -> {
                                create(transaction, "hanging");
                                return awaited(hanging);
                            })));
            assertThat(told.code()).isEqualTo(ProblemCode.OUTCOME_UNKNOWN);
        } finally {
            hanging.countDown();
        }
        assertThat(Tuning.PRODUCTION.patience().multipliedBy(3)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_caller_that_is_interrupted_gives_up_at_once() throws InterruptedException {
        Callers.Caller interrupted;
        try (Callers callers = new Callers(console.committer)) {
            interrupted = callers.add(transaction -> create(transaction, "interrupted"));
            interrupted.thread().interrupt();
            interrupted.thread().join();
        }
        assertThat(interrupted.problem()).isEqualTo(ProblemCode.OVERLOADED);
        assertThat(console.workspaces()).isEmpty();
    }

    @Test
    void closing_commits_what_waits_and_refuses_the_rest() throws InterruptedException {
        Callers.Caller waiting;
        Thread closing;
        try (Callers callers = new Callers(console.committer)) {
            waiting = callers.add(transaction -> create(transaction, "waiting"));
            closing = Thread.ofVirtual().start(console.committer::close);
            while (closing.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(callers.add(transaction -> create(transaction, "late")).problem())
                    .isEqualTo(ProblemCode.OVERLOADED);
        }
        closing.join();
        assertThat(waiting.outcome()).isCompleted();
        assertThat(console.workspaces()).containsExactly("waiting");
    }

    @Test
    void without_a_chain_nothing_can_be_audited() {
        console.committer.close();
        try (Committer silent = Committers.startWithoutAudit(console.database, () -> OpenConsole.NOW)) {
            assertThatThrownBy(() -> silent.commit(transaction -> {
                        create(transaction, "unheard");
                        return null;
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(console.workspaces()).isEmpty();
    }

    @Test
    void one_database_has_one_committer() {
        assertThatThrownBy(() -> Committers.start(console.database, OpenConsole.CHAIN, () -> OpenConsole.NOW))
                .isInstanceOf(IllegalStateException.class);
        assertThat(catchThrowableOfType(NightsafeException.class, () -> OpenConsole.of(peer, quick()))
                        .code())
                .isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
        console.create("still");
    }

    @Test
    void a_second_process_is_refused_until_the_first_has_ended() throws Exception {
        Peer other = freshPeer();
        try (CommitLoop.Running first = CommitLoop.start(other, 1)) {
            first.awaitAcknowledged(1);
            NightsafeException refused =
                    catchThrowableOfType(NightsafeException.class, () -> OpenConsole.of(other, quick()));
            assertThat(refused.code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("stop it first");
        }
        try (OpenConsole after = OpenConsole.of(other)) {
            after.create("mine");
        }
    }

    /** I4. */
    @Test
    void what_was_acknowledged_survives_kill_9_and_the_chain_goes_on() throws Exception {
        Peer other = freshPeer();
        Set<String> acknowledged;
        try (CommitLoop.Running running = CommitLoop.start(other, 8)) {
            running.awaitAcknowledged(300);
            acknowledged = running.killed();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(300);
        try (OpenConsole after = OpenConsole.of(other)) {
            assertThat(after.workspaces()).containsAll(acknowledged);
            assertThat(after.verified().problem()).isNull();
            assertThat(after.verified().events()).isEqualTo(after.workspaces().size());
            after.create("afterwards");
            assertThat(after.verified().problem()).isNull();
        }
    }

    @Test
    void only_its_owner_may_write() {
        try (Database foreign = Databases.openReadOnly(peer.parsed(), Schema.CONSOLE)) {
            assertThatThrownBy(() -> Committers.startWithoutAudit(foreign, () -> OpenConsole.NOW))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void many_groups_keep_one_chain() {
        IntStream.range(0, 600).parallel().forEach(i -> console.create("w" + i));
        assertThat(console.verified().events()).isEqualTo(600);
        assertThat(console.verified().problem()).isNull();
    }

    /** Waits for locks only as long as a test may take. */
    static Tuning quick() {
        return OpenConsole.tuning(Duration.ofMillis(250), Duration.ofMinutes(1), 4096);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean attempt(Runnable commit) {
        try {
            commit.run();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    static void create(Transaction transaction, String id) {
        OpenConsole.insert(transaction, id);
        transaction.audit(OpenConsole.created(id));
    }
}
