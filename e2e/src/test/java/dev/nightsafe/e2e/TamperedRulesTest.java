package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An attacker who can write the console's database, over a second connection: the task waits and says why, the audit tells
 * it, and nothing is released until somebody who may consents again (I3).
 */
class TamperedRulesTest {
    private static final Playground PLAY = new Playground();

    private static String good = "";
    private static String evil = "";
    private static String editor = "";

    @BeforeAll
    static void start() {
        good = PLAY.program("fingerprint");
        evil = PLAY.nightsafe.repositoryFrom(
                Installation.SOURCE.resolve("e2e/src/test/resources/programs/fingerprint"), "evil");
        PLAY.up(List.of(good, evil));
        editor = PLAY.nightsafe
                .json("token", "create", "editor", "--permission", "queue.edit", "--permission", "queue.read")
                .get("token")
                .asString();
    }

    @AfterAll
    static void stop() {
        PLAY.close();
    }

    @Test
    void a_forged_rule_releases_nothing_until_somebody_consents() {
        PLAY.set("forged", "TOKEN", "forged-value-0001");
        applyAsEditor("forger", "[forged]");
        sql("""
                INSERT INTO release_rule SELECT 'forged', v.workspace_id, v.id, q.id, '*', ?, 'main', '', 'python main.py',
                    '*', 'results full, errors traceback, logs local', NULL, 0, 'token:admin' FROM vault v, queue q WHERE v.name = 'forged' AND q.name = 'forger'""", good);
        String task = PLAY.submit("forger", Map.of("variables", List.of("TOKEN")));
        requireWaiting(task, "'forged' are not what the console wrote");
        requireAudited("rules-altered");

        PLAY.nightsafe.run("vault", "floor", "forged", "env");
        PLAY.nightsafe.run("vault", "allow", "forged", "--queue", "forger", "--yes");
        assertThat(PLAY.ended(task).get("state").asString()).isEqualTo("succeeded");
        requireAudited("release.clear");
    }

    @Test
    void a_rule_that_was_moved_to_another_vault_releases_nothing() {
        PLAY.set("mine", "TOKEN", "moved-value-0001");
        PLAY.set("theirs", "TOKEN", "moved-value-0002");
        applyAsEditor("mover", "[theirs]");
        PLAY.apply("owner", good, "python main.py", "[mine]", "");
        assertThat(sql("""
                UPDATE release_rule SET vault_id = (SELECT id FROM vault WHERE name = 'theirs'),
                    queue_id = (SELECT id FROM queue WHERE name = 'mover')
                WHERE vault_id = (SELECT id FROM vault WHERE name = 'mine')""")).isOne();
        requireWaiting(PLAY.submit("mover", Map.of()), "'theirs' are not what the console wrote");
        requireAudited("rules-altered");
    }

    @Test
    void an_edited_queue_row_gets_nothing_that_no_rule_names() {
        PLAY.set("kept", "TOKEN", "kept-value-0001");
        PLAY.apply("edited", good, "python main.py", "[kept]", "");
        assertThat(PLAY.ended(PLAY.submit("edited", Map.of())).get("state").asString())
                .isEqualTo("succeeded");
        Map<String, Object> changed = new TreeMap<>(deployment("edited"));
        changed.put("git_url", evil);
        Deployment deployment = Deployment.fromMap(changed);
        sql(
                "UPDATE queue SET deployment = ?, deployment_digest = ?, revision = revision + 1 WHERE name = 'edited'",
                new String(Json.write(deployment.toMap()), StandardCharsets.UTF_8),
                deployment.digest());
        awaitLeased("edited", deployment.digest());
        requireWaiting(PLAY.submit("edited", Map.of()), "git_url differs from what was consented to");
        requireAudited("not-released");
    }

    @Test
    void consent_that_was_taken_back_stays_taken_back_when_the_tables_are_set_back() {
        PLAY.set("returned", "TOKEN", "returned-value-0001");
        PLAY.apply("returner", good, "python main.py", "[returned]", "");
        assertThat(PLAY.ended(PLAY.submit("returner", Map.of())).get("state").asString())
                .isEqualTo("succeeded");
        String ofVault = " WHERE vault_id = (SELECT id FROM vault WHERE name = 'returned')";
        sql("CREATE TABLE kept_rule AS SELECT * FROM release_rule" + ofVault);
        sql("CREATE TABLE kept_set AS SELECT * FROM rule_set" + ofVault);
        PLAY.nightsafe.run("vault", "disallow", "returned", "--queue", "returner");
        awaitRemembered("SELECT version FROM rule_set" + ofVault);

        sql("DELETE FROM rule_set" + ofVault);
        sql("INSERT INTO rule_set SELECT * FROM kept_set");
        sql("INSERT INTO release_rule SELECT * FROM kept_rule");
        applyAsEditor("returner", "[returned]");
        awaitLeased("returner", Deployment.fromMap(deployment("returner")).digest());
        requireWaiting(PLAY.submit("returner", Map.of()), "tables were set back");
        requireAudited("rolled-back");
    }

    /** By somebody who may edit queues and release nothing. */
    private static void applyAsEditor(String queue, String vaults) {
        PLAY.nightsafe.environment.put("NIGHTSAFE_TOKEN", editor);
        try {
            PLAY.apply(queue, good, "python main.py", vaults, "");
        } finally {
            PLAY.nightsafe.environment.remove("NIGHTSAFE_TOKEN");
        }
    }

    /** The task is pending, and who looks at it by the command reads why. */
    private static void requireWaiting(String task, String why) {
        PLAY.waiting(task, why);
        String shown = PLAY.nightsafe.run("task", "show", task).text();
        assertThat(shown.replaceAll("\\s+", " ")).contains(why, "nightsafe vault allow");
    }

    private static void requireAudited(String what) {
        assertThat(PLAY.audit()).contains(what);
        assertThat(PLAY.nightsafe.run("audit", "verify").text()).contains("console", "keeper");
    }

    /** Until the keeper has leased this deployment: an older worker takes no more tasks. */
    private static void awaitLeased(String queue, String digest) {
        await(
                "a lease of " + queue,
                () -> !row(
                                "keeper/keeper.db",
                                "SELECT digest FROM serving_lease WHERE queue_name = '" + queue + "' AND digest = '"
                                        + digest + "'")
                        .isEmpty());
    }

    /** Until the keeper remembers this version of the console's. */
    private static void awaitRemembered(String version) {
        String now = row("console/console.db", version);
        await(
                "version " + now,
                () -> !row("keeper/keeper.db", "SELECT 1 FROM rule_set_seen WHERE version = " + now)
                        .isEmpty());
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for " + what).isLessThan(until);
            PLAY.get("/api/v1/status"); // takes its time, so that this asks no faster than a person would
        }
    }

    @SuppressWarnings("unchecked") // a JSON object is a map with strings as keys
    private static Map<String, Object> deployment(String queue) {
        String json = row("console/console.db", "SELECT deployment FROM queue WHERE name = '" + queue + "'");
        return Json.read(json.getBytes(StandardCharsets.UTF_8), Map.class);
    }

    /** The first column of the first row, empty when there is none. */
    private static String row(String database, String sql) {
        try (Connection connection = connect(database);
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static int sql(String sql, String... values) {
        try (Connection connection = connect("console/console.db");
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static Connection connect(String database) throws SQLException {
        Path file = PLAY.nightsafe.home.resolve(database);
        return DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=60000");
    }
}
