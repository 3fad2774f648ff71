package dev.nightsafe.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A short run of {@code e2e/faults}, the same faults each time; {@code -Dseed=N} has others. This seed's first faults have a
 * full disk, a database that goes away, and kills of each part.
 */
@Tag("slow")
class SeededFaultsTest {
    private static final long SEED = Long.getLong("seed", 294);

    @Test
    void nothing_acknowledged_is_lost_on_sqlite() throws IOException, InterruptedException {
        run(EngineUnderTest.SQLITE, 6);
    }

    @Test
    @Tag("postgresql")
    void nothing_acknowledged_is_lost_on_postgresql() throws IOException, InterruptedException {
        run(EngineUnderTest.POSTGRESQL, 4);
    }

    private static void run(EngineUnderTest engine, int steps) throws IOException, InterruptedException {
        try (FaultRun run = new FaultRun(SEED, engine)) {
            FaultRun.Report report = run.run(Faults.steps(steps));
            assertThat(report.violations())
                    .as(Faults.text(SEED, engine, report))
                    .isEmpty();
            assertThat(report.events()).isGreaterThan(100);
        }
    }
}
