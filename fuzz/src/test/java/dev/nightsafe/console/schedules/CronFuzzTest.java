package dev.nightsafe.console.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nightsafe.fuzz.Bounds;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

class CronFuzzTest {
    private static final Instant NOW = Instant.parse("2026-03-29T00:30:00Z");

    @FuzzTest
    void cron(byte[] bytes) {
        Bounds.text(bytes).ifPresent(text -> {
            for (String zone : List.of("UTC", "Europe/Berlin")) {
                Bounds.parsed(() -> CronTimes.of(text, ZoneId.of(zone)), IllegalArgumentException.class::isInstance)
                        .flatMap(times -> Bounds.parsed(() -> times.after(NOW), _ -> false))
                        .flatMap(next -> next)
                        .ifPresent(next -> assertThat(next).isAfter(NOW));
            }
        });
    }
}
