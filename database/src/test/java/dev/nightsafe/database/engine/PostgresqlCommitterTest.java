package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.testkit.PostgresProcess;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PostgresqlCommitterTest extends CommitterBehaviour {
    private static final String TERMINATE_WRITERS = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()";

    @Override
    Peer makePeer() {
        return Peer.Postgresql.fresh();
    }

    /** I4; where it is synced is the server's side. */
    @Test
    void commits_wait_for_the_servers_sync_whatever_the_database_is_set_to() {
        console().close();
        peer().tamper(
                        Schema.CONSOLE,
                        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$");
        try (OpenConsole again = OpenConsole.of(peer())) {
            assertThat(setting(again, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(again, "fsync")).isEqualTo("on");
        }
    }

    @Test
    void a_server_that_waits_for_its_standbys_goes_on_doing_so() {
        console().close();
        peer().tamper(
                        Schema.CONSOLE,
                        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = remote_apply',"
                                + " current_database()); END $$");
        try (OpenConsole again = OpenConsole.of(peer())) {
            assertThat(setting(again, "synchronous_commit")).isEqualTo("remote_apply");
        }
    }

    @Test
    void a_server_that_does_not_sync_is_refused() {
        try (PostgresProcess unsafe = PostgresProcess.start(false)) {
            Peer there = new Peer.Postgresql(unsafe.address("postgres"));
            NightsafeException refused = catchThrowableOfType(NightsafeException.class, () -> OpenConsole.of(there));
            assertThat(refused.code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("fsync = on");
        }
    }

    @Test
    void a_connection_lost_between_commits_is_replaced_unnoticed() {
        console().create("first");
        peer().tamper(Schema.CONSOLE, TERMINATE_WRITERS);
        console().create("second");
        assertThat(console().workspaces()).containsExactly("first", "second");
        assertThat(console().verified().problem()).isNull();
    }

    @Test
    void a_connection_lost_in_the_middle_stores_nothing_and_leaves_no_gap() {
        console().create("first");
        NightsafeException refused = catchThrowableOfType(
                NightsafeException.class,
                () -> console().committer.commit(transaction -> {
                    create(transaction, "lost");
                    return transaction.handle().execute("SELECT pg_terminate_backend(pg_backend_pid())");
                }));
        assertThat(refused.code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
        console().create("second");
        assertThat(console().workspaces()).containsExactly("first", "second");
        assertThat(console().verified().problem()).isNull();
    }

    @Test
    void a_connection_lost_while_committing_is_reported_as_not_known() {
        console().create("first");
        console().committer.commit(transaction -> {
            transaction.handle().execute("CREATE TABLE trap (id TEXT)");
            transaction
                    .handle()
                    .execute("CREATE FUNCTION spring() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'");
            return transaction
                    .handle()
                    .execute("CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON trap DEFERRABLE INITIALLY DEFERRED"
                            + " FOR EACH ROW EXECUTE FUNCTION spring()");
        });
        NightsafeException unknown = catchThrowableOfType(
                NightsafeException.class,
                () -> console().committer.commit(transaction -> {
                    create(transaction, "unknown");
                    return transaction.handle().execute("INSERT INTO trap (id) VALUES ('x')");
                }));
        assertThat(unknown.code()).isEqualTo(ProblemCode.OUTCOME_UNKNOWN);
        assertThat(unknown).hasMessageContaining("it is not known whether this was stored");
        console().create("second");
        assertThat(console().verified().problem()).isNull();
    }

    @Test
    void a_server_that_is_gone_refuses_in_time() {
        try (PostgresProcess server = PostgresProcess.start(true);
                OpenConsole lost = OpenConsole.of(new Peer.Postgresql(server.address("postgres")), quick())) {
            lost.create("first");
            server.close();
            for (ThrowingCallable use : List.<ThrowingCallable>of(() -> lost.create("second"), lost::workspaces)) {
                assertThat(catchThrowableOfType(NightsafeException.class, use).code())
                        .isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
            }
        }
    }

    private static String setting(OpenConsole console, String name) {
        return console.committer.commit(transaction -> transaction
                .handle()
                .createQuery("SHOW " + name)
                .mapTo(String.class)
                .one());
    }
}
