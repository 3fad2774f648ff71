package dev.nightsafe.database.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.testkit.OwnPostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** What {@code deploy/postgresql/setup.sql} lets the two roles do, and that it is all that the parts need. */
@Tag("slow")
class PostgresqlRightsTest {
    private static final Path SETUP = Path.of("..", "deploy", "postgresql", "setup.sql");
    private static final String PASSWORD = "pass'word-%";
    private static final Map<String, String> PASSWORDS =
            Map.of("NIGHTSAFE_CONSOLE_PASSWORD", PASSWORD, "NIGHTSAFE_KEEPER_PASSWORD", PASSWORD);
    private static final List<String> READ_BY_THE_KEEPER =
            List.of("flyway_schema_history", "queue", "release_rule", "secret", "vault", "workspace");

    private static OwnPostgresServer server;
    private static int databases;
    private String database = "";

    @BeforeAll
    static void start() {
        server = OwnPostgresServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void setUp() {
        database = "night" + ++databases;
        setUp(database);
    }

    private static void setUp(String database) {
        server.psql("postgres", SETUP, PASSWORDS, "-v", "database=" + database);
    }

    @Test
    void each_part_makes_migrates_writes_and_reads_with_its_own_role() {
        try (OpenConsole console = OpenConsole.of(open("nightsafe_console", Schema.CONSOLE), OpenConsole.CHAIN)) {
            console.create("w");
            try (Database keys = open("nightsafe_keeper", Schema.KEYS);
                    Database keeper = open("nightsafe_keeper", Schema.KEEPER);
                    Committer committer = Committers.startWithoutAudit(keeper, () -> OpenConsole.NOW);
                    Database foreign = Databases.openReadOnly(address("nightsafe_keeper", PASSWORD), Schema.CONSOLE)) {
                assertThat(committer.<Integer>commit(
                                transaction -> transaction.handle().execute("DELETE FROM task")))
                        .isZero();
                assertThat(keys.engine()).isEqualTo(Engine.POSTGRESQL);
                assertThat(hasWorkspace(foreign, "w")).isTrue();
            }
        }
    }

    @Test
    void the_keeper_reads_what_it_needs_of_the_console_and_writes_nothing() throws SQLException {
        open("nightsafe_console", Schema.CONSOLE).close();
        SortedSet<String> all = tables("console");
        assertThat(all).containsAll(READ_BY_THE_KEEPER).contains("api_token", "audit_event");
        try (Connection keeper = connect("nightsafe_keeper")) {
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
        open("nightsafe_keeper", Schema.KEEPER).close();
        open("nightsafe_keeper", Schema.KEYS).close();
        try (Connection console = connect("nightsafe_console")) {
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
        try (Connection administrator = server.administer("postgres")) {
            execute(
                    administrator,
                    "CREATE ROLE stranger_" + database + " LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'");
        }
        assertThatThrownBy(() -> connect("stranger_" + database).close())
                .isInstanceOfSatisfying(
                        PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }

    @Test
    void setting_up_again_changes_the_passwords_and_keeps_everything_else() {
        try (OpenConsole console = OpenConsole.of(open("nightsafe_console", Schema.CONSOLE), OpenConsole.CHAIN)) {
            console.create("kept");
        }
        String other = "other";
        server.psql("postgres", SETUP, PASSWORDS, "-v", "database=" + database, "-v", "console_password=" + other);
        try {
            NightsafeException refused =
                    catchThrowableOfType(NightsafeException.class, () -> open("nightsafe_console", Schema.CONSOLE));
            assertThat(refused.code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
            assertThat(refused)
                    .hasMessageContaining("correct the user or the password")
                    .hasMessageContaining("28P01");
            try (Database console = Databases.open(address("nightsafe_console", other), Schema.CONSOLE)) {
                assertThat(hasWorkspace(console, "kept")).isTrue();
            }
        } finally {
            setUp(database);
        }
    }

    @Test
    void an_administrator_who_is_no_superuser_sets_up_too() throws SQLException {
        try (Connection administrator = server.administer("postgres")) {
            execute(administrator, "DROP DATABASE " + database);
            for (int i = 1; i < databases; i++) {
                execute(administrator, "DROP DATABASE IF EXISTS night" + i);
            }
            execute(administrator, "DROP ROLE nightsafe_console, nightsafe_keeper");
            execute(administrator, "CREATE ROLE boss LOGIN CREATEROLE CREATEDB PASSWORD 'boss'");
            server.psql(
                    "boss",
                    SETUP,
                    Map.of(
                            "PGPASSWORD", "boss",
                            "NIGHTSAFE_CONSOLE_PASSWORD", PASSWORD,
                            "NIGHTSAFE_KEEPER_PASSWORD", PASSWORD),
                    "-v",
                    "database=" + database);
        }
        open("nightsafe_console", Schema.CONSOLE).close();
        open("nightsafe_keeper", Schema.KEYS).close();
    }

    @Test
    void without_passwords_nothing_is_set_up() {
        assertThatThrownBy(() -> server.psql("postgres", SETUP, Map.of(), "-v", "database=never"))
                .hasMessageContaining("set NIGHTSAFE_CONSOLE_PASSWORD and NIGHTSAFE_KEEPER_PASSWORD");
    }

    @Test
    void a_database_that_was_not_set_up_says_what_to_do() throws SQLException {
        try (Connection administrator = server.administer("postgres")) {
            execute(administrator, "CREATE DATABASE plain_" + database);
        }
        DatabaseAddress plain = DatabaseAddress.parse(
                "postgresql://nightsafe_console:pass'word-%25@127.0.0.1:" + server.port() + "/plain_" + database);
        DatabaseAddress none = DatabaseAddress.parse(
                "postgresql://nightsafe_console:pass'word-%25@127.0.0.1:" + server.port() + "/none_" + database);
        for (DatabaseAddress address : List.of(plain, none)) {
            assertThatThrownBy(() -> Databases.open(address, Schema.CONSOLE))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessageContaining("run deploy/postgresql/setup.sql");
        }
    }

    @Test
    void a_keeper_that_was_not_granted_the_consoles_tables_says_what_to_do() throws SQLException {
        open("nightsafe_console", Schema.CONSOLE).close();
        try (Connection administrator = server.administer(database)) {
            execute(administrator, "REVOKE SELECT ON ALL TABLES IN SCHEMA console FROM nightsafe_keeper");
        }
        try (Database foreign = Databases.openReadOnly(address("nightsafe_keeper", PASSWORD), Schema.CONSOLE)) {
            assertThatThrownBy(() -> hasWorkspace(foreign, "w"))
                    .isInstanceOf(NightsafeException.class)
                    .hasMessageContaining("start the console again");
            open("nightsafe_console", Schema.CONSOLE).close();
            assertThat(hasWorkspace(foreign, "w")).isFalse();
        }
    }

    private DatabaseAddress address(String role, String password) {
        return new DatabaseAddress.Postgresql("127.0.0.1", server.port(), database, role, password, Map.of());
    }

    private Database open(String role, Schema schema) {
        return Databases.open(address(role, PASSWORD), schema);
    }

    private Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, role, PASSWORD);
    }

    private SortedSet<String> tables(String schema) throws SQLException {
        SortedSet<String> tables = new TreeSet<>();
        try (Connection administrator = server.administer(database);
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

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void forbidden(Connection connection, String sql) {
        assertThatThrownBy(() -> execute(connection, sql))
                .as(sql)
                .isInstanceOfSatisfying(
                        PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
}
