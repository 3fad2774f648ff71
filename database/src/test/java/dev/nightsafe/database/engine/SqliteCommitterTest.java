package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCommitterTest extends CommitterBehaviour {
    private static final int FILE_LIMIT = 3 << 20;

    @TempDir
    private Path folder;

    @Override
    Peer makePeer() {
        return Peer.Sqlite.in(folder);
    }

    @Test
    void only_the_owner_can_read_database_journals_and_folder() throws IOException {
        console().create("a");
        Path file = ((Peer.Sqlite) peer()).file();
        assertThat(mode(file.resolveSibling("."))).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(file.resolveSibling("."))) {
            assertThat(files)
                    .extracting(path -> path.getFileName().toString(), SqliteCommitterTest::mode)
                    .containsExactlyInAnyOrder(
                            tuple("console.db", "rw-------"),
                            tuple("console.db-wal", "rw-------"),
                            tuple("console.db-shm", "rw-------"),
                            tuple("console.db.lock", "rw-------"));
        }
    }

    @Test
    void a_file_that_others_could_read_is_tightened() throws IOException {
        console().close();
        Path file = ((Peer.Sqlite) peer()).file();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (OpenConsole again = OpenConsole.of(peer())) {
            again.create("a");
            assertThat(mode(file)).isEqualTo("rw-------");
        }
    }

    @Test
    void the_writer_is_durable_checks_references_and_trusts_no_schema() {
        Map<String, String> expected =
                Map.of("journal_mode", "wal", "synchronous", "2", "foreign_keys", "1", "trusted_schema", "0");
        console().committer.commit(transaction -> {
            expected.forEach((pragma, value) -> assertThat(transaction
                            .handle()
                            .createQuery("PRAGMA " + pragma)
                            .mapTo(String.class)
                            .one())
                    .as(pragma)
                    .isEqualTo(value));
            return null;
        });
    }

    @Test
    void a_full_database_refuses_and_takes_more_once_there_is_room() {
        console().create("first");
        // Holds for this connection only, and the failure replaces it.
        console().committer.commit(transaction -> transaction.handle().execute("PRAGMA max_page_count = 1"));
        assertUnavailable("SQLITE_FULL", 100_000);
        console().create("second");
        assertThat(console().workspaces()).containsExactly("first", "second");
        assertThat(console().verified().problem()).isNull();
    }

    @Test
    void a_database_that_became_read_only_refuses() {
        console().create("first");
        console().committer.commit(transaction -> transaction.handle().execute("PRAGMA query_only = ON"));
        assertUnavailable("SQLITE_READONLY", 1);
        assertThat(console().workspaces()).containsExactly("first");
        assertThat(console().verified().problem()).isNull();
    }

    /** A limit on the size of files stands in for a disk without room. */
    @Test
    void a_process_whose_disk_is_full_refuses_and_keeps_what_it_acknowledged() throws Exception {
        Peer other = freshPeer();
        Set<String> acknowledged;
        try (CommitLoop.Running running = CommitLoop.start(other, 4, "prlimit", "--fsize=" + FILE_LIMIT)) {
            acknowledged = running.ended();
            assertThat(running.refusals()).hasSize(4).containsOnly(ProblemCode.DATABASE_UNAVAILABLE.name());
        }
        assertThat(acknowledged).isNotEmpty();
        try (OpenConsole after = OpenConsole.of(other)) {
            assertThat(after.workspaces()).containsAll(acknowledged);
            assertThat(after.verified().problem()).isNull();
            assertThat(after.verified().events()).isEqualTo(after.workspaces().size());
        }
    }

    @Test
    void a_database_that_somebody_else_locks_refuses_in_time_and_takes_more_afterwards() throws Exception {
        console().close();
        try (OpenConsole impatient = OpenConsole.of(peer(), quick())) {
            try (Connection intruder = peer().intruder(Schema.CONSOLE);
                    Statement statement = intruder.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                NightsafeException refused =
                        catchThrowableOfType(NightsafeException.class, () -> impatient.create("refused"));
                assertThat(refused.code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
                assertThat(refused).hasMessageContaining("SQLITE_BUSY");
            }
            impatient.create("taken");
            assertThat(impatient.workspaces()).containsExactly("taken");
            assertThat(impatient.verified().problem()).isNull();
        }
    }

    /** I4, as the kernel sees it. */
    @Test
    void each_acknowledgement_comes_after_a_sync_of_the_write_ahead_log() throws Exception {
        SyncTrace trace = SyncTrace.of(freshPeer(), "FULL", 20, folder.resolve("full.trace"));
        assertThat(trace.acknowledged()).hasSize(20);
        assertThat(trace.acknowledgedUnsynced()).isEmpty();
    }

    /** Shows that the test above would see it. */
    @Test
    void without_synchronous_full_acknowledgements_come_without_a_sync() throws Exception {
        SyncTrace trace = SyncTrace.of(freshPeer(), "OFF", 20, folder.resolve("off.trace"));
        assertThat(trace.acknowledged()).hasSize(20);
        assertThat(trace.acknowledgedUnsynced()).hasSize(20);
    }

    private void assertUnavailable(String reason, int length) {
        List<String> before = console().workspaces();
        NightsafeException refused =
                catchThrowableOfType(NightsafeException.class, () -> console().create("x".repeat(length)));
        assertThat(refused.code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
        assertThat(refused).hasMessageContaining(reason);
        assertThat(console().workspaces()).isEqualTo(before);
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
