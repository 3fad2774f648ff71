package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.core.signing.Digests;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who can write the console's tables while everything runs: no worker gets a value from where it doesn't belong,
 * the task waits and says why, the audit says so too, and a new deposit puts it right.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TamperedRowsTest {
    private static final Playground PLAY = new Playground();
    private static final String NOT_ACCEPTED = "it is not what the console accepted";
    private static final String BOX = "version, suite, lock_id, box, box_hash, accepted_mac, is_secret";

    private static String fingerprint = "";

    @BeforeAll
    static void start() {
        fingerprint = PLAY.program("fingerprint");
        PLAY.up(List.of(fingerprint));
    }

    @AfterAll
    static void stop() {
        PLAY.close();
    }

    @Test
    void a_box_moved_to_another_row_of_its_vault_does_not_open() throws SQLException {
        PLAY.set("rows", "KEY", "value-of-key");
        PLAY.set("rows", "OTHER", "value-of-other");
        requireRuns("rows", "value-of-key");
        copyBox("rows", "OTHER", "rows", "KEY");
        requireUnreadable("rows");
    }

    @Test
    void a_box_moved_to_another_vault_does_not_open() throws SQLException {
        PLAY.set("from", "KEY", "value-of-from");
        PLAY.set("to", "KEY", "value-of-to");
        requireRuns("to", "value-of-to");
        copyBox("from", "KEY", "to", "KEY");
        requireUnreadable("to");
    }

    @Test
    void a_whole_vaults_lock_and_boxes_in_the_place_of_anothers_do_not_open() throws SQLException {
        PLAY.set("planted", "KEY", "value-of-planted");
        PLAY.set("target", "KEY", "value-of-target");
        requireRuns("target", "value-of-target");
        copyBox("planted", "KEY", "target", "KEY");
        copyLock("planted", "target");
        requireWaits("target", NOT_ACCEPTED, "secret-unreadable");
        // Nothing is sealed for a lock that the root didn't certify for this vault.
        Installation.Outcome outcome = PLAY.nightsafe.attempt(
                "more".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "vault",
                "set",
                "target",
                "KEY",
                "--value-stdin");
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.stderr()).contains("is not certified by the pinned root", "nothing was sealed");
    }

    @Test
    void flipped_bytes_do_not_open_whatever_was_put_right_beside_them() throws SQLException {
        PLAY.set("flipped", "KEY", "value-of-flipped");
        requireRuns("flipped", "value-of-flipped");
        for (String change :
                List.of("box = CAST(x'00' || substr(box, 2) AS BLOB)", "is_secret = FALSE", "version = version + 1")) {
            sql("UPDATE secret SET " + change + where("flipped", "KEY"));
            requireUnreadable("flipped");
        }
    }

    @Test
    void an_older_version_put_back_is_not_released() throws SQLException {
        PLAY.set("older", "KEY", "value-of-version-1");
        requireRuns("older", "value-of-version-1");
        sql("CREATE TABLE put_aside AS SELECT * FROM secret" + where("older", "KEY"));
        PLAY.set("older", "KEY", "value-of-version-2");
        requireRuns("older", "value-of-version-2");
        sql(
                "UPDATE secret SET (" + BOX + ") = (SELECT " + BOX + " FROM put_aside)" + where("older", "KEY"),
                "DROP TABLE put_aside");
        String task = requireWaits(
                "older", "is version 1 of the console's tables, but version 2 was released", "rolled-back");
        PLAY.set("older", "KEY", "value-of-another-version-2");
        PLAY.waiting(task, "version 2 was released before with another box");
        PLAY.set("older", "KEY", "value-of-version-3");
        requireEnds(task, "value-of-version-3");
    }

    @Test
    void a_kept_older_box_put_back_is_not_released_but_restored_it_is_a_new_version() throws SQLException {
        PLAY.set("kept", "KEY", "value-of-kept-1");
        PLAY.set("kept", "KEY", "value-of-kept-2");
        requireRuns("kept", "value-of-kept-2");
        sql("UPDATE secret SET (" + BOX + ") = (SELECT " + BOX + " FROM secret_version" + where("kept", "KEY")
                + " AND version = 1)" + where("kept", "KEY"));
        String task = requireWaits("kept", "is version 1 of the console's tables", "rolled-back");
        PLAY.set("kept", "KEY", "value-of-another-kept-2");
        PLAY.nightsafe.run("vault", "restore", "kept", "KEY", "--version", "1");
        requireEnds(task, "value-of-kept-1");
        JsonNode releases = PLAY.get(Playground.DEFAULT + "/vaults/kept/secrets/KEY/releases?version=3")
                .json()
                .get("items");
        assertThat(releases)
                .anySatisfy(release -> assertThat(
                                release.get("tasks").get(0).get("task").asString())
                        .isEqualTo(task));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void afterwards_nothing_has_leaked_and_the_main_job_is_done() {
        assertThat(PLAY.audit() + PLAY.logs()).doesNotContain("value-of-");
        PLAY.requireWhole();
    }

    /** Until somebody deposits anew. */
    private static void requireUnreadable(String vault) {
        String task = requireWaits(vault, NOT_ACCEPTED, "secret-unreadable");
        PLAY.set(vault, "KEY", "value-of-" + vault + " again");
        requireEnds(task, "value-of-" + vault + " again");
    }

    private static void requireRuns(String vault, String value) {
        requireEnds(submit(vault), value);
    }

    private static void requireEnds(String task, String value) {
        JsonNode ended = PLAY.ended(task);
        assertThat(ended.get("result").get("KEY").asString()).isEqualTo(Digests.sha256Hex(value));
        assertThat(ended.get("attempt").asInt()).isEqualTo(1);
    }

    /** The task waits with the reason, and the refused grant is in the audit. */
    private static String requireWaits(String vault, String why, String outcome) {
        String task = submit(vault);
        JsonNode waiting = PLAY.waiting(task, why);
        assertThat(waiting.get("reason").asString()).contains(vault + "/KEY", "deposit it again");
        assertThat(waiting.get("attempt").asInt()).isZero();
        assertThat(PLAY.get(Playground.DEFAULT + "/audit?limit=1000").json().get("items"))
                .anySatisfy(event -> {
                    assertThat(event.get("action").asString()).isEqualTo("grant");
                    assertThat(event.get("outcome").asString()).isEqualTo(outcome);
                    assertThat(event.get("details").get("queue").asString()).isEqualTo(vault);
                    assertThat(event.get("details").get("problem").asString()).contains(why);
                });
        return task;
    }

    /** A task of a queue of the vault's name, whose worker gets its values anew. */
    private static String submit(String vault) {
        PLAY.apply(vault, fingerprint, "python main.py", "[" + vault + "]", "");
        return PLAY.submit(vault, Map.of("variables", List.of("KEY")));
    }

    private static void copyBox(String vault, String key, String toVault, String toKey) throws SQLException {
        sql("UPDATE secret SET (" + BOX + ") = (SELECT " + BOX + " FROM secret" + where(vault, key) + ")"
                + where(toVault, toKey));
    }

    private static void copyLock(String vault, String toVault) throws SQLException {
        String lock = "suite, lock_id, lock_public_key, lock_serial, lock_certificate";
        sql("UPDATE vault SET (" + lock + ") = (SELECT " + lock + " FROM vault WHERE name = '" + vault
                + "') WHERE name = '" + toVault + "'");
    }

    private static String where(String vault, String key) {
        return " WHERE key = '" + key + "' AND vault_id = (SELECT id FROM vault WHERE name = '" + vault + "')";
    }

    /** On a connection of its own, beside those of console and keeper. */
    private static void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + PLAY.nightsafe.home.resolve("console/console.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 30000");
            for (String one : statements) {
                int rows = statement.executeUpdate(one);
                assertThat(one.startsWith("UPDATE") ? rows : 1).as(one).isEqualTo(1);
            }
        }
    }
}
