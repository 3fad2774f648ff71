package dev.nightsafe.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** What somebody gets who can write rows of rekeys and nothing else. */
class AlteredRekeysTest extends RekeyTestCase {
    private static final String SOMEBODY = "token:somebody-else";

    private String ofVault = "";

    @BeforeEach
    void nameRow() {
        ofVault = " WHERE vault_id = '" + vault.id() + "'";
    }

    @Test
    void a_rekey_that_somebody_wrote_into_the_table_makes_no_lock_and_is_told_until_another_is_asked_for() {
        sql("INSERT INTO rekey (vault_id, id, total, done, refused, started_at, started_by, mac)"
                + " SELECT vault_id, 'forged', 0, 0, 0, 1, '" + SOMEBODY + "', box_hash FROM secret" + ofVault
                + " AND key = 'B'");
        lookAfterAll();
        assertThat(console.lock(workspace, "v", "A").lock()).isEqualTo(before.lock());
        ConsoleApi.Rekey altered = until(now -> true);
        assertThat(altered.state()).isEqualTo("altered");
        assertThat(altered.startedBy()).isEqualTo("unknown");
        assertThat(altered.problem()).contains("isn't what a console wrote");
        assertAuditedAsAltered();

        begin();
        until(now -> now.state().equals("done"));
        assertThat(console.lock(workspace, "v", "A").lock()).isNotEqualTo(before.lock());
    }

    @Test
    void a_rekey_that_somebody_ends_renames_removes_or_sets_back_goes_on_as_it_was_asked_for() {
        begin();
        until(now -> now.state().equals("done"));
        String copy = "copied_" + vault.id().replace("-", "");
        sql("CREATE TABLE " + copy + " AS SELECT * FROM rekey" + ofVault);
        console.keeper.resealsLeft.set(0);
        console.clock.advance(Duration.ofMinutes(1));
        begin();
        ConsoleApi.Rekey second = until(now -> now.problem() != null);
        for (String statement : List.of(
                "UPDATE rekey SET finished_at = started_at" + ofVault,
                "UPDATE rekey SET started_by = '" + SOMEBODY + "'" + ofVault,
                "DELETE FROM rekey" + ofVault)) {
            sql(statement);
            lookAfterAll();
            assertGoesOn(second);
        }
        sql("DELETE FROM rekey" + ofVault);
        sql("INSERT INTO rekey SELECT * FROM " + copy);
        lookAfterAll();
        assertGoesOn(second);
        assertAuditedAsAltered();

        console.keeper.resealsLeft.set(Long.MAX_VALUE);
        lookAfterAll();
        assertThat(until(now -> now.state().equals("done")).startedAt()).isEqualTo(second.startedAt());
        sql("DROP TABLE " + copy);
    }

    @Test
    void a_rekey_that_is_removed_while_another_ones_is_being_done_goes_on() {
        ConsoleApi.Vault other = console.vault(workspace, "other");
        String others = base + "/vaults/other/rekey";
        CountDownLatch removed = new CountDownLatch(1);
        console.keeper.whileResealing = () -> {
            if (removed.getCount() > 0) {
                console.call("POST", others, console.first(), null).as(ConsoleApi.Rekey.class);
                sql("DELETE FROM rekey WHERE vault_id = '" + other.id() + "'");
                removed.countDown();
            }
        };
        begin();
        until(now -> now.state().equals("done"));
        lookAfterAll();
        assertThat(console.call("GET", others, console.first(), null)
                        .as(ConsoleApi.Rekey.class)
                        .state())
                .isEqualTo("done");
        assertAuditedAsAltered();
    }

    @Test
    void each_alteration_of_a_row_is_audited_once() {
        sql("INSERT INTO rekey (vault_id, id, total, done, refused, started_at, started_by, mac)"
                + " SELECT vault_id, 'forged', 0, 0, 0, 1, '" + SOMEBODY + "', box_hash FROM secret" + ofVault
                + " AND key = 'B'");
        lookAfterAll();
        lookAfterAll();
        assertThat(altered()).isEqualTo(1);
        sql("UPDATE rekey SET mac = (SELECT box_hash FROM secret" + ofVault + " AND key = 'A')" + ofVault);
        lookAfterAll();
        lookAfterAll();
        assertThat(altered()).isEqualTo(2);
    }

    private long altered() {
        return audited().stream()
                .filter(event ->
                        event.outcome().equals("altered") && event.object().equals("vault:" + vault.id()))
                .count();
    }

    private void assertGoesOn(ConsoleApi.Rekey rekey) {
        ConsoleApi.Rekey now = until(_ -> true);
        assertThat(now.state()).isEqualTo("resealing");
        assertThat(now.startedAt()).isEqualTo(rekey.startedAt());
        assertThat(now.startedBy()).isEqualTo(rekey.startedBy());
    }

    private void assertAuditedAsAltered() {
        assertThat(audited()).noneMatch(event -> event.actor().equals(SOMEBODY));
        assertThat(audited())
                .anyMatch(event -> event.action().equals("vault.rekey")
                        && event.outcome().equals("altered")
                        && event.actor().equals("console"));
    }

    private List<ConsoleApi.AuditEvent> audited() {
        ConsoleApi.Items<ConsoleApi.AuditEvent> events = console.call(
                        "GET", base + "/audit?chain=console&limit=1000", console.first(), null)
                .as(new TypeReference<>() {});
        return events.items();
    }
}
