package dev.nightsafe.keeper;

import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.keys.MasterKeyRing;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.Disclosure;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.database.engine.DatabaseAddress;
import dev.nightsafe.protocol.link.Link;
import dev.nightsafe.testkit.SettableClock;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A real keeper on free ports with a master key, the console's tables, and a clock that tests move. */
@SuppressWarnings("NullAway.Init") // there from start() on
abstract class KeeperLifeCase {
    static final Duration TICK = Duration.ofMillis(50);
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    final SettableClock clock = SettableClock.atPresent();
    private final List<AutoCloseable> running = new ArrayList<>();
    Path home;
    Keeper keeper;
    ConsoleRole console;
    Wire wire;
    String workspace;

    /** Where this part's tables are; a test class on PostgreSQL says otherwise. */
    String database(String part) {
        String folder = part.equals("console") ? "console" : "keeper";
        return "sqlite:" + home.resolve(folder).resolve(part + ".db");
    }

    /** How often the keeper looks by itself. */
    Duration tick() {
        return TICK;
    }

    /** Starts everything in {@code home}, and a workspace. */
    void start(Map<String, String> environment) {
        Link.create(home.resolve("console"), home.resolve("keeper"));
        if (!Files.exists(home.resolve("master.keys"))) {
            MasterKeyRing.addVersion(home.resolve("master.keys"));
        }
        keeper = running(Keeper.start(settings(environment), clock, tick()));
        console = running(new ConsoleRole(
                home.resolve("console"), DatabaseAddress.parse(database("console")), keeper.internalPort(), clock));
        wire = running(new Wire(Spec.RUNNERS, URI.create("http://127.0.0.1:" + keeper.port()), null));
        workspace = console.workspace("ws-" + Ids.next());
    }

    void stop() {
        for (AutoCloseable part : running.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        running.clear();
    }

    private <T extends AutoCloseable> T running(T part) {
        running.add(part);
        return part;
    }

    KeeperSettings settings(Map<String, String> environment, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("NIGHTSAFE_HOME", home.toString());
        all.put("NIGHTSAFE_KEEPER_DATABASE", database("keeper"));
        all.put("NIGHTSAFE_KEEPER_KEYS_DATABASE", database("keys"));
        all.put("NIGHTSAFE_KEEPER_CONSOLE_DATABASE", database("console"));
        List<String> flags = new ArrayList<>(List.of("--listen=127.0.0.1:0", "--internal-listen=127.0.0.1:0"));
        if (!environment.containsKey("NIGHTSAFE_KEEPER_MASTER_KEYS")
                && !environment.containsKey("NIGHTSAFE_MASTER_KEY")) {
            flags.add("--master-keys=" + home.resolve("master.keys"));
        }
        flags.addAll(List.of(arguments));
        return KeeperSettings.load(all, flags.toArray(new String[0]));
    }

    /** Something happens to the keeper's tables behind its back. */
    void keeperSql(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row, if there is one. */
    Optional<String> keeperRow(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds a row to one of the keeper's tables: a copy of another's, but for some columns. */
    void keeperCopies(String table, String id, Map<String, Object> changes) {
        try (Connection connection = connect()) {
            Map<String, Object> row = new LinkedHashMap<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT * FROM " + table + " WHERE id = ?")) {
                select.setString(1, id);
                ResultSet found = select.executeQuery();
                found.next();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.put(found.getMetaData().getColumnName(i), found.getObject(i));
                }
            }
            row.putAll(changes);
            String places = String.join(", ", Collections.nCopies(row.size(), "?"));
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO " + table + " (" + String.join(", ", row.keySet()) + ") VALUES (" + places + ")")) {
                int place = 1;
                for (Object value : row.values()) {
                    insert.setObject(place++, value);
                }
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the database's administrator, in the keeper's tables. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:" + database("keeper"));
    }

    RunnerRole runner(String name, String... queues) {
        return RunnerRole.enrol(wire, console.enrolmentToken(workspace, "home", queues), name, clock);
    }

    static Deployment deployment(ConsoleRole.Vault... vaults) {
        return deployment(List.of(vaults), List.of(), null);
    }

    static Deployment deployment(
            List<ConsoleRole.Vault> vaults, List<Deployment.SecretRef> secrets, Deployment.@Nullable KeyRef gitToken) {
        return new Deployment(
                "https://git.example/work.git",
                "main",
                "",
                "python main.py",
                Deployment.Mode.LONG_RUNNING,
                60,
                false,
                vaults.stream().map(ConsoleRole.Vault::ref).toList(),
                secrets,
                gitToken,
                Disclosure.USUAL,
                Renewal.USUAL);
    }

    /** The same on another branch. */
    static Deployment onBranch(Deployment deployment, String branch) {
        return new Deployment(
                deployment.gitUrl(),
                branch,
                deployment.codePath(),
                deployment.startupCmd(),
                deployment.mode(),
                deployment.startupTimeoutSecs(),
                deployment.redisStorage(),
                deployment.vaults(),
                deployment.secrets(),
                deployment.gitToken(),
                Disclosure.USUAL,
                Renewal.USUAL);
    }
}
