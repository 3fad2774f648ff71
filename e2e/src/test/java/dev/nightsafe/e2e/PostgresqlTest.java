package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.testkit.PostgresProcess;
import dev.nightsafe.testkit.Psql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** The main job on PostgreSQL, set up as {@code docs/postgresql.md} says; what its roles may do; and that it may go away. */
@Tag("slow")
class PostgresqlTest extends MainJobBehaviour {
    private static final Path SETUP = Installation.SOURCE.resolve("deploy/postgresql/setup.sql");
    /** Odd enough to need every kind of quoting. */
    private static final String CONSOLE_PASSWORD = "c'%/@: " + random();

    private static final String KEEPER_PASSWORD = "k\"\\?#& " + random();

    private final PostgresProcess server = PostgresProcess.start(true);

    /** The two ways to give a password in a file. */
    @Override
    void prepare() {
        Psql.run(
                server.port(),
                "postgres",
                SETUP,
                Map.of("NIGHTSAFE_CONSOLE_PASSWORD", CONSOLE_PASSWORD, "NIGHTSAFE_KEEPER_PASSWORD", KEEPER_PASSWORD));
        nightsafe.append("console.yaml", "database: " + address("nightsafe_console", CONSOLE_PASSWORD) + "\n");
        Path file = nightsafe.write("keeper.password", "");
        nightsafe.append("keeper.password", KEEPER_PASSWORD + "\n");
        nightsafe.append(
                "keeper.yaml",
                "database: postgresql://nightsafe_keeper@127.0.0.1:%d/nightsafe?password-file=%s\n"
                        .formatted(server.port(), file));
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @Test
    void everything_is_in_the_database() throws IOException, SQLException {
        set("counted", "TOKEN", "counted-value-0001");
        try (Stream<Path> files = Files.walk(nightsafe.home)) {
            assertThat(files).noneMatch(file -> file.toString().contains(".db"));
        }
        try (Connection administrator = server.connect("nightsafe");
                Statement statement = administrator.createStatement()) {
            for (String table : List.of("console.secret", "keys.opening_key", "keeper.audit_event")) {
                assertThat(statement.executeQuery("SELECT 1 FROM " + table).next())
                        .as(table)
                        .isTrue();
            }
        }
    }

    @Test
    void neither_part_may_do_with_its_role_what_it_has_no_business_with() throws SQLException {
        try (Connection console = connect("nightsafe_console", CONSOLE_PASSWORD)) {
            refused(console, "SELECT wrapped FROM keys.opening_key");
            refused(console, "SELECT wrapped FROM keys.root_key");
            refused(console, "SELECT payload FROM keeper.task");
        }
        try (Connection keeper = connect("nightsafe_keeper", KEEPER_PASSWORD)) {
            refused(keeper, "UPDATE console.release_rule SET site = '*'");
            refused(keeper, "DELETE FROM console.secret");
            refused(keeper, "INSERT INTO console.workspace VALUES ('a', 'a', 'a', 0)");
            refused(keeper, "SELECT hash FROM console.api_token");
        }
    }

    @Test
    void connections_that_are_ended_are_replaced_and_a_waiting_runner_goes_on() throws SQLException {
        set("steady", "TOKEN", "steady-value-0001");
        apply("steady", fingerprint, "[steady]", "");
        assertThat(variable("steady", "TOKEN")).isEqualTo(Digests.sha256Hex("steady-value-0001"));
        try (Connection administrator = server.connect("nightsafe");
                Statement statement = administrator.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                    + " WHERE usename LIKE 'nightsafe_%'");
        }
        set("steady", "TOKEN", "steady-value-0002");
        assertThat(variable("steady", "TOKEN")).isEqualTo(Digests.sha256Hex("steady-value-0001"));
        assertThat(nightsafe.run("audit", "verify").text()).contains("console").contains("keeper");
    }

    @Test
    void I4_a_database_that_goes_away_is_503_and_when_it_is_back_nothing_that_was_acknowledged_is_lost()
            throws Exception {
        set("lasting", "TOKEN", "lasting-value-0001");
        apply("lasting", fingerprint, "[lasting]", "");
        assertThat(variable("lasting", "TOKEN")).isEqualTo(Digests.sha256Hex("lasting-value-0001"));

        try (Submitter submitter = new Submitter(nightsafe, "lasting")) {
            submitter.awaitAccepted(10);
            server.stop();
            submitter.awaitRefused(2);
            Installation.Outcome listing = nightsafe.attempt(new byte[0], "vault", "list");
            assertThat(listing.exitCode()).isEqualTo(6);
            assertThat(listing.stderr()).contains("database").contains("try again");

            server.startAgain();
            submitter.awaitAccepted(10);
            submitter.stop();
            assertThat(submitter.refusals())
                    .allSatisfy(problem -> assertThat(problem.status()).isEqualTo(503))
                    .extracting(Submitter.Refusal::code)
                    .isSubsetOf("database-unavailable", "outcome-unknown");
            submitter.awaitSucceeded(Duration.ofMinutes(2));
        }

        set("lasting", "TOKEN", "lasting-value-0002");
        apply("lasting", fingerprint, "[lasting]", "startup_timeout_secs: 59");
        assertThat(variable("lasting", "TOKEN")).isEqualTo(Digests.sha256Hex("lasting-value-0002"));
        assertThat(nightsafe.run("audit", "verify").text()).contains("console").contains("keeper");
        assertThat(filesWithAPassword(nightsafe)).isEmpty();
    }

    @Test
    void a_rekey_goes_on_after_console_and_keeper_were_killed_in_its_middle() throws Exception {
        set("rekeyed", "TOKEN", "rekeyed-value-0001");
        try (Connection administrator = server.connect("nightsafe");
                Statement statement = administrator.createStatement()) {
            String vault = text(statement, "SELECT id FROM console.vault WHERE name = 'rekeyed'");
            String of = " WHERE vault_id = '" + vault + "'";
            administrator.setAutoCommit(false);
            // Nobody replaces the box while somebody else holds its row: the rekey has begun and can't end.
            String before = text(statement, "SELECT lock_id FROM console.secret" + of + " FOR UPDATE");
            nightsafe.run("vault", "rekey", "rekeyed");
            awaitText(statement, "SELECT COUNT(lock_id) FROM console.rekey" + of, "1");
            kill("keeper", "console");
            administrator.rollback();
            administrator.setAutoCommit(true);
            assertThat(text(statement, "SELECT lock_id FROM console.secret" + of))
                    .isEqualTo(before);

            nightsafe.run("up");
            nightsafe.run("vault", "rekey", "rekeyed", "--wait");
            assertThat(text(statement, "SELECT lock_id FROM console.secret" + of))
                    .isNotEqualTo(before);
            assertThat(text(statement, "SELECT COUNT(*) FROM keys.opening_key" + of))
                    .isEqualTo("1");
        }
        assertThat(nightsafe.run("vault", "get", "rekeyed", "TOKEN", "--yes").text())
                .isEqualTo("rekeyed-value-0001");
        assertThat(nightsafe.run("audit", "verify").text()).contains("console").contains("keeper");
    }

    private void kill(String... parts) {
        for (String part : parts) {
            ProcessHandle process = ProcessHandle.of(nightsafe.pid(part)).orElseThrow();
            assertThat(process.destroyForcibly()).isTrue();
            process.onExit().join();
        }
    }

    private static void awaitText(Statement statement, String query, String wanted) throws SQLException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!text(statement, query).equals(wanted)) {
            assertThat(System.nanoTime()).as(query).isLessThan(end);
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).as(query).isTrue();
            return row.getString(1);
        }
    }

    @Test
    void a_wrong_password_stops_the_start_with_what_to_do_and_is_written_nowhere() throws IOException {
        String wrong = "wrong-" + random();
        try (Installation other = new Installation()) {
            other.append("keeper.yaml", "database: " + address("nightsafe_keeper", wrong) + "\n");
            other.append("console.yaml", "database: " + address("nightsafe_console", CONSOLE_PASSWORD) + "\n");
            Installation.Outcome up = other.attempt(new byte[0], "up");
            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.stderr()).contains("the keeper database").contains("correct the user or the password");
            assertThat(up.stderr() + up.text()).doesNotContain(wrong);
            assertThat(filesWith(other, wrong)).containsExactly("keeper.yaml");
        }
    }

    @Test
    void no_password_is_in_a_log_an_answer_or_an_argument() throws IOException {
        for (String command : List.of("status", "audit tail", "runner list", "runner logs")) {
            assertThat(nightsafe.run(command.split(" ")).text()).doesNotContain(CONSOLE_PASSWORD, KEEPER_PASSWORD);
        }
        assertThat(filesWithAPassword(nightsafe)).isEmpty();
        for (String part : List.of("console", "keeper", "runner")) {
            assertThat(Files.readString(Path.of("/proc/" + nightsafe.pid(part) + "/cmdline")))
                    .doesNotContain(CONSOLE_PASSWORD, KEEPER_PASSWORD, encoded(CONSOLE_PASSWORD));
        }
    }

    private static List<String> filesWithAPassword(Installation installation) throws IOException {
        return Stream.of(CONSOLE_PASSWORD, encoded(CONSOLE_PASSWORD), KEEPER_PASSWORD, encoded(KEEPER_PASSWORD))
                .flatMap(password -> filesWith(installation, password).stream())
                .filter(file -> !Set.of("console.yaml", "keeper.password").contains(file))
                .toList();
    }

    /** The files of a data folder that have this text. */
    private static List<String> filesWith(Installation installation, String text) {
        try (Stream<Path> files = Files.walk(installation.home)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> has(file, text))
                    .map(file -> installation.home.relativize(file).toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean has(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String address(String role, String password) {
        return "postgresql://%s:%s@127.0.0.1:%d/nightsafe".formatted(role, encoded(password), server.port());
    }

    private static String encoded(String password) {
        return URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Connection connect(String role, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/nightsafe", role, password);
    }

    private static void refused(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute(sql))
                    .isInstanceOf(PSQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    private static String random() {
        return HexFormat.of().formatHex(new SecureRandom().generateSeed(8));
    }
}
