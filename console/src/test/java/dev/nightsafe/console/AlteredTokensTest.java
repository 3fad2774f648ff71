package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Engine;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody gets who can write the console's database and nothing else. */
class AlteredTokensTest {
    private static final String WHOAMI = "/api/v1/whoami";

    @TempDir
    Path home;

    RunningConsole console;

    Engine engine() {
        return Engine.SQLITE;
    }

    @BeforeEach
    void start() throws IOException {
        console = new RunningConsole(home, engine());
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void a_token_that_somebody_wrote_into_the_table_opens_nothing_and_that_is_audited() {
        String own = OpaqueToken.generate(OpaqueToken.API);
        String id = Ids.next();
        sql(handle -> {
            Map<String, Object> row = new java.util.LinkedHashMap<>(
                    handle.createQuery("SELECT * FROM api_token").mapToMap().one());
            row.putAll(Map.of("id", id, "hash", OpaqueToken.hash(own)));
            List<String> columns = new ArrayList<>(row.keySet());
            handle.createUpdate("INSERT INTO api_token (" + String.join(", ", columns) + ") VALUES (:"
                            + String.join(", :", columns) + ")")
                    .bindMap(row)
                    .execute();
        });

        refused(own);

        assertThat(console.call("GET", WHOAMI, console.first(), null).status()).isEqualTo(200);
        await(() -> events().contains(id));
    }

    @Test
    void what_a_token_may_and_how_long_cannot_be_altered() {
        String other = console.workspace("other").id();
        for (String change : List.of(
                "workspace_id = NULL",
                "workspace_id = '" + other + "'",
                "name = 'x'",
                "permissions = 'audit.read vault.release'",
                "created_at = created_at - 1",
                "created_by = 'console'",
                "expires_at = expires_at + 1",
                "revoked_at = 1",
                "hash = '" + OpaqueToken.hash("nst_other") + "'")) {
            ConsoleApi.CreatedToken token =
                    console.token("default", new ConsoleApi.NewToken("t", "viewer", null, null));
            assertThat(console.call("GET", WHOAMI, token.token(), null).status())
                    .isEqualTo(200);
            update(token.info().id(), change);
            refused(token.token());
        }
    }

    @Test
    void a_revoked_token_cannot_be_made_good_again() {
        ConsoleApi.CreatedToken token = console.token("default", new ConsoleApi.NewToken("t", "viewer", null, null));
        String path = RunningConsole.DEFAULT + "/tokens/" + token.info().id();
        assertThat(console.call("DELETE", path, console.first(), null).status()).isEqualTo(204);
        update(token.info().id(), "revoked_at = NULL");
        refused(token.token());
    }

    @Test
    void its_last_use_decides_nothing_and_may_change() {
        ConsoleApi.CreatedToken token = console.token("default", new ConsoleApi.NewToken("t", "viewer", null, null));
        update(token.info().id(), "last_used_at = 1");
        assertThat(console.call("GET", WHOAMI, token.token(), null).status()).isEqualTo(200);
        console.restart();
        assertThat(console.call("GET", WHOAMI, token.token(), null).status()).isEqualTo(200);
    }

    @Test
    void the_key_is_the_consoles_alone() throws IOException {
        Path key = home.resolve("console").resolve("row.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(home.resolve("keeper").resolve("row.key")).doesNotExist();
        String first = console.first();
        Files.delete(key);
        console.restart();
        refused(first);
    }

    private void refused(String token) {
        console.call("GET", WHOAMI, token, null).is(ProblemCode.UNAUTHENTICATED);
    }

    private void update(String id, String change) {
        sql(handle -> handle.execute("UPDATE api_token SET " + change + " WHERE id = ?", id));
    }

    private void sql(java.util.function.Consumer<Handle> work) {
        console.console.context().getBean(Committer.class).commit(transaction -> {
            work.accept(transaction.handle());
            return true;
        });
    }

    /** Details of what was denied to nobody in particular. */
    private String events() {
        List<String> details = console.database()
                .read(handle -> handle.createQuery("SELECT details FROM audit_event WHERE action = 'access.denied'")
                        .mapTo(String.class)
                        .list());
        return String.join("\n", details);
    }

    /** It is written beside the request. */
    private static void await(BooleanSupplier condition) {
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (!condition.getAsBoolean()) {
                Thread.onSpinWait();
            }
        });
    }
}
