package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.testkit.PostgresProcess;
import dev.nightsafe.testkit.Psql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** What {@code deploy/postgresql/setup.sql} lets the two roles do, and that it is all that the parts need. */
@Tag("slow")
class PostgresqlRightsTest {
    private static final Path SETUP = Path.of("..", "deploy", "postgresql", "setup.sql");
    private static final String CONSOLE = "nightsafe_console";
    private static final String KEEPER = "nightsafe_keeper";
    private static final String PASSWORD = "pass'word-%";
    private static final Map<String, String> PASSWORDS =
            Map.of("NIGHTSAFE_CONSOLE_PASSWORD", PASSWORD, "NIGHTSAFE_KEEPER_PASSWORD", PASSWORD);
    private static final List<String> READ_BY_THE_KEEPER = List.of(
            "flyway_schema_history",
            "queue",
            "release_rule",
            "rule_set",
            "secret",
            "secret_version",
            "vault",
            "workspace");

    @SuppressWarnings("NullAway.Init") // there from start() on
    private static PostgresProcess server;

    @BeforeAll
    static void start() {
        server = PostgresProcess.start(true);
        Psql.run(server.port(), "postgres", SETUP, PASSWORDS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void each_part_makes_migrates_writes_and_reads_with_its_own_role() {
        try (OpenConsole console = OpenConsole.of(open(CONSOLE, Schema.CONSOLE), OpenConsole.CHAIN)) {
            console.create("w");
            try (Database keys = open(KEEPER, Schema.KEYS);
                    Database keeper = open(KEEPER, Schema.KEEPER);
                    Committer committer = Committers.startWithoutAudit(keeper, () -> OpenConsole.NOW);
                    Database foreign = Databases.openReadOnly(address(KEEPER, PASSWORD), Schema.CONSOLE)) {
                int deleted =
                        committer.commit(transaction -> transaction.handle().execute("DELETE FROM task"));
                assertThat(deleted).isZero();
                assertThat(keys.engine()).isEqualTo(Engine.POSTGRESQL);
                assertThat(hasWorkspace(foreign, "w")).isTrue();
            }
        }
    }

    @Test
    void the_keeper_reads_what_it_needs_of_the_console_and_writes_nothing() throws SQLException {
        open(CONSOLE, Schema.CONSOLE).close();
        SortedSet<String> all = tables("console");
        assertThat(all).containsAll(READ_BY_THE_KEEPER).contains("api_token", "audit_event");
        try (Connection keeper = connect(KEEPER)) {
            for (String table : all) {
                String name = "console." + table;
                if (READ_BY_THE_KEEPER.contains(table)) {
                    execute(keeper, "SELECT * FROM " + name);
                } else {
                    forbidden(keeper, "SELECT * FROM " + name);
                }
                forbidden(keeper, "DELETE FROM " + name);
                forbidden(keeper, "INSERT INTO " + name + " SELECT * FROM " + name);
                forbidden(keeper, "TRUNCATE " + name);
            }
            forbidden(keeper, "UPDATE console.release_rule SET site = '*'");
            forbidden(keeper, "CREATE TABLE console.mine (id TEXT)");
        }
    }

    @Test
    void the_console_reads_neither_keys_nor_anything_else_of_the_keeper() throws SQLException {
        open(KEEPER, Schema.KEEPER).close();
        open(KEEPER, Schema.KEYS).close();
        try (Connection console = connect(CONSOLE)) {
            for (String schema : List.of("keys", "keeper")) {
                for (String table : tables(schema)) {
                    forbidden(console, "SELECT * FROM " + schema + "." + table);
                    forbidden(console, "DELETE FROM " + schema + "." + table);
                }
            }
            forbidden(console, "CREATE SCHEMA mine");
            forbidden(console, "CREATE TABLE public.mine (id TEXT)");
        }
    }

    @Test
    void any_other_role_may_not_even_connect() throws SQLException {
        administer("postgres", "CREATE ROLE stranger LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'");
        forbidden(() -> connect("stranger").close());
    }

    @Test
    void setting_up_again_changes_the_passwords_and_keeps_everything_else() {
        try (OpenConsole console = OpenConsole.of(open(CONSOLE, Schema.CONSOLE), OpenConsole.CHAIN)) {
            console.create("kept");
        }
        Psql.run(server.port(), "postgres", SETUP, PASSWORDS, "-v", "console_password=other");
        try {
            NightsafeException refused =
                    catchThrowableOfType(NightsafeException.class, () -> open(CONSOLE, Schema.CONSOLE));
            assertThat(refused.code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
            assertThat(refused).hasMessageContainingAll("28P01", "correct the user or the password");
            try (Database console = Databases.open(address(CONSOLE, "other"), Schema.CONSOLE)) {
                assertThat(hasWorkspace(console, "kept")).isTrue();
            }
        } finally {
            Psql.run(server.port(), "postgres", SETUP, PASSWORDS);
        }
    }

    @Test
    void an_administrator_who_is_no_superuser_sets_up_too() throws SQLException {
        try (PostgresProcess other = PostgresProcess.start(true)) {
            try (Connection administrator = other.connect("postgres")) {
                execute(administrator, "CREATE ROLE boss LOGIN CREATEROLE CREATEDB PASSWORD 'boss'");
            }
            Map<String, String> passwords = new HashMap<>(PASSWORDS);
            passwords.put("PGPASSWORD", "boss");
            Psql.run(other.port(), "boss", SETUP, passwords);
            Psql.run(other.port(), "boss", SETUP, passwords);
            Databases.open(address(other, "nightsafe", CONSOLE, PASSWORD), Schema.CONSOLE)
                    .close();
            Databases.open(address(other, "nightsafe", KEEPER, PASSWORD), Schema.KEYS)
                    .close();
        }
    }

    @Test
    void without_passwords_nothing_is_set_up() {
        assertThatThrownBy(() -> Psql.run(server.port(), "postgres", SETUP, Map.of(), "-v", "database=never"))
                .hasMessageContaining("set NIGHTSAFE_CONSOLE_PASSWORD and NIGHTSAFE_KEEPER_PASSWORD");
    }

    @Test
    void a_database_that_was_not_set_up_says_what_to_do() throws SQLException {
        administer("postgres", "CREATE DATABASE plain");
        for (String database : List.of("plain", "none")) {
            assertThatThrownBy(() -> Databases.open(address(server, database, CONSOLE, PASSWORD), Schema.CONSOLE))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessageContaining("run deploy/postgresql/setup.sql");
        }
    }

    @Test
    void a_keeper_that_was_not_granted_the_consoles_tables_says_what_to_do() throws SQLException {
        open(CONSOLE, Schema.CONSOLE).close();
        administer("nightsafe", "REVOKE SELECT ON ALL TABLES IN SCHEMA console FROM " + KEEPER);
        try (Database foreign = Databases.openReadOnly(address(KEEPER, PASSWORD), Schema.CONSOLE)) {
            assertThatThrownBy(() -> hasWorkspace(foreign, "never"))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessageContaining("start the console again");
            open(CONSOLE, Schema.CONSOLE).close();
            assertThat(hasWorkspace(foreign, "never")).isFalse();
        }
    }

    private static DatabaseAddress address(String role, String password) {
        return address(server, "nightsafe", role, password);
    }

    private static DatabaseAddress address(PostgresProcess server, String database, String role, String password) {
        return new DatabaseAddress.Postgresql("127.0.0.1", server.port(), database, role, password, Map.of());
    }

    private static Database open(String role, Schema schema) {
        return Databases.open(address(role, PASSWORD), schema);
    }

    private static Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/nightsafe", role, PASSWORD);
    }

    private static SortedSet<String> tables(String schema) throws SQLException {
        SortedSet<String> tables = new TreeSet<>();
        try (Connection administrator = server.connect("nightsafe");
                ResultSet rows = administrator.getMetaData().getTables(null, schema, "%", new String[] {"TABLE"})) {
            while (rows.next()) {
                tables.add(rows.getString("TABLE_NAME"));
            }
        }
        return tables;
    }

    private static boolean hasWorkspace(Database console, String name) {
        return console.read(handle -> ConsoleTables.workspaceId(handle, name).isPresent());
    }

    private static void administer(String database, String sql) throws SQLException {
        try (Connection administrator = server.connect(database)) {
            execute(administrator, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void forbidden(Connection connection, String sql) {
        forbidden(() -> execute(connection, sql));
    }

    private static void forbidden(ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
}
