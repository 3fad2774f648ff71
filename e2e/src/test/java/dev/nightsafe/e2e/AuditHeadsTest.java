package dev.nightsafe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A chain whose end somebody cuts off who can write the database: shown by the head that an earlier verification left. */
class AuditHeadsTest {
    private static final String CUT = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            last = database.execute("SELECT MAX(seq) FROM audit_event WHERE signature IS NOT NULL AND seq <"
                                    " (SELECT MAX(seq) FROM audit_event)").fetchone()[0]
            database.execute("DELETE FROM audit_event WHERE seq > ?", (last,))
            database.commit()
            """;

    @Test
    void a_chain_whose_end_was_cut_off_looks_whole_to_all_but_those_who_saw_it() throws IOException {
        try (Installation nightsafe = new Installation()) {
            nightsafe.run("up");
            nightsafe.run("vault", "create", "first");
            nightsafe.run("vault", "create", "second");
            assertThat(nightsafe.run("audit", "verify").text())
                    .contains("whole")
                    .doesNotContain("broken");
            Path heads = nightsafe.home.resolve("cli/audit-heads.json");
            byte[] seen = Files.readAllBytes(heads);
            nightsafe.run("down");
            Path database = nightsafe.home.resolve("console/console.db");
            Installation.Outcome cut =
                    nightsafe.attempt(new byte[0], List.of("python3", "-c", CUT, database.toString()));
            assertThat(cut.exitCode()).as(cut.stderr()).isZero();
            nightsafe.run("up");

            Installation.Outcome verified = nightsafe.attempt(new byte[0], "audit", "verify");
            assertThat(verified.exitCode()).as(verified.text()).isEqualTo(1);
            assertThat(verified.stderr()).containsPattern("chain console/1 is broken at event [0-9]+: .* before");
            nightsafe.run("vault", "create", "third"); // as many events as before, or more
            nightsafe.run("vault", "create", "fourth");
            assertThat(nightsafe.attempt(new byte[0], "audit", "verify").stderr())
                    .contains("chain console/1 is broken");

            Files.delete(heads);
            assertThat(nightsafe.run("audit", "verify").text()).doesNotContain("broken");
            Files.write(heads, seen);
            assertThat(nightsafe.attempt(new byte[0], "audit", "verify").exitCode())
                    .isEqualTo(1);
        }
    }
}
