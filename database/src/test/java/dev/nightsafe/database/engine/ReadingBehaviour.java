package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reading promises on every engine, to a database's owner and to the other part. */
abstract class ReadingBehaviour extends OnAnEngine {
    private Peer peer;
    private Database foreign;

    @BeforeEach
    void prepare() {
        peer = freshPeer();
        foreign = Databases.openReadOnly(peer.parsed(), Schema.CONSOLE);
    }

    @AfterEach
    void close() {
        foreign.close();
    }

    final Peer peer() {
        return peer;
    }

    @Test
    void one_read_sees_one_state() {
        try (OpenConsole console = OpenConsole.of(peer)) {
            console.create("a");
            console.database.read(handle -> {
                assertThat(count(handle)).isEqualTo(1);
                console.create("b");
                assertThat(count(handle)).isEqualTo(1);
                return null;
            });
            assertThat(console.database.<Integer>read(ReadingBehaviour::count)).isEqualTo(2);
        }
    }

    @Test
    void a_reader_can_not_write() {
        try (OpenConsole console = OpenConsole.of(peer)) {
            for (Database database : List.of(console.database, foreign)) {
                assertThatThrownBy(() -> database.read(handle -> handle.execute("DELETE FROM workspace")));
                assertThatThrownBy(() -> database.read(handle -> handle.execute("CREATE TABLE mine (id TEXT)")));
            }
        }
    }

    @Test
    void a_read_that_fails_harms_no_other() {
        try (OpenConsole console = OpenConsole.of(peer)) {
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> console.database.read(handle -> handle.execute("SELECT nonsense")))
                        .isNotInstanceOf(NightsafeException.class);
            }
            assertThat(console.workspaces()).isEmpty();
        }
    }

    @Test
    void what_isnt_there_yet_is_unavailable_until_its_owner_has_made_it() {
        assertUnavailable();
        try (OpenConsole console = OpenConsole.of(peer)) {
            console.create("a");
            assertThat(foreign.<Integer>read(ReadingBehaviour::count)).isEqualTo(1);
        }
    }

    @Test
    void a_schema_of_an_older_program_is_unavailable() {
        OpenConsole.of(peer).close();
        peer.tamper(Schema.CONSOLE, "UPDATE flyway_schema_history SET version = '0.9' WHERE version = '1'");
        assertUnavailable();
    }

    @Test
    void a_schema_of_a_newer_program_is_not_opened_by_its_owner() {
        OpenConsole.of(peer).close();
        peer.tamper(
                Schema.CONSOLE,
                "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, execution_time, success)"
                        + " VALUES (1000, '1000', 'future', 'SQL', 'V1000__future.sql', 1, 'x', 1, true)");
        assertThat(catchThrowableOfType(NightsafeException.class, () -> OpenConsole.of(peer))
                        .code())
                .isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
    }

    @Test
    void the_other_part_reads_whether_the_owner_runs_ended_or_was_killed() throws Exception {
        try (CommitLoop.Running owner = CommitLoop.start(peer, 2)) {
            owner.awaitAcknowledged(20);
            assertThat(foreign.<Integer>read(ReadingBehaviour::count)).isGreaterThanOrEqualTo(20);
            int acknowledged = owner.killed().size();
            assertThat(foreign.<Integer>read(ReadingBehaviour::count)).isGreaterThanOrEqualTo(acknowledged);
        }
        try (OpenConsole console = OpenConsole.of(peer)) {
            console.create("mine");
        }
        int all = foreign.read(ReadingBehaviour::count);
        try (Database another = Databases.openReadOnly(peer.parsed(), Schema.CONSOLE)) {
            assertThat(another.<Integer>read(ReadingBehaviour::count)).isEqualTo(all);
        }
    }

    @Test
    void a_database_that_was_closed_is_not_connected_again() {
        foreign.close();
        OpenConsole.of(peer).close();
        assertUnavailable();
    }

    @Test
    void each_schema_has_its_own_tables() {
        Peer keys = freshPeer();
        try (Database database = Databases.open(keys.parsed(), Schema.KEYS);
                Committer committer = Committers.startWithoutAudit(database, () -> OpenConsole.NOW)) {
            committer.commit(transaction -> transaction
                    .handle()
                    .execute(
                            "INSERT INTO canary (master_version, encrypted, created_at) VALUES (1, ?, 2)",
                            new byte[1]));
            assertThatThrownBy(() -> database.read(ReadingBehaviour::count));
        }
    }

    /** Public, because JDBI binds only what it may call. */
    public record Row(
            String id,
            long number,
            @Nullable Long absent,
            @Nullable Long present,
            boolean yes,
            boolean no,
            byte[] bytes,
            byte @Nullable [] noBytes,
            @Nullable String noText) {}

    record Strict(long absent) {}

    @Test
    void rows_become_records_and_back() {
        byte[] bytes = {0, 1, -1, 127, -128};
        Row row = new Row("ä€😀\n", Long.MIN_VALUE, null, 7L, true, false, bytes, null, null);
        try (OpenConsole console = OpenConsole.of(peer)) {
            String binary = console.database.engine() == Engine.SQLITE ? "BLOB" : "BYTEA";
            Row read = console.committer.commit(transaction -> {
                Handle handle = transaction.handle();
                handle.execute(
                        "CREATE TABLE sample (id TEXT, number BIGINT, absent BIGINT, present BIGINT, yes BOOLEAN,"
                                + " no BOOLEAN, bytes " + binary + ", no_bytes " + binary + ", no_text TEXT)");
                return handle.createQuery(
                                "INSERT INTO sample VALUES (:id, :number, :absent, :present, :yes, :no, :bytes,"
                                        + " :noBytes, :noText) RETURNING *")
                        .bindMethods(row)
                        .mapTo(Row.class)
                        .one();
            });
            assertThat(read).usingRecursiveComparison().isEqualTo(row);
            Row again = console.database.read(handle -> handle.createQuery("SELECT * FROM sample WHERE yes AND NOT no")
                    .mapTo(Row.class)
                    .one());
            assertThat(again).usingRecursiveComparison().isEqualTo(row);
            assertThatThrownBy(() -> console.database.read(handle -> handle.createQuery("SELECT absent FROM sample")
                    .mapTo(Strict.class)
                    .one()));
        }
    }

    @Test
    void what_is_bound_is_in_no_error() {
        try (OpenConsole console = OpenConsole.of(peer)) {
            console.create("canary-value");
            for (Throwable error = catchThrowableOfType(RuntimeException.class, () -> console.create("canary-value"));
                    error != null;
                    error = error.getCause()) {
                assertThat(error.toString()).doesNotContain("canary-value");
            }
        }
    }

    private void assertUnavailable() {
        NightsafeException unavailable =
                catchThrowableOfType(NightsafeException.class, () -> foreign.read(ReadingBehaviour::count));
        assertThat(unavailable.code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
        assertThat(unavailable).hasMessageContaining("start the console");
    }

    static int count(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM workspace")
                .mapTo(Integer.class)
                .one();
    }
}
