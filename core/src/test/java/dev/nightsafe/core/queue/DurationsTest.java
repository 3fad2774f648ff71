package dev.nightsafe.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void units_add_up_to_seconds() {
        Map.of(
                        "0s",
                        0L,
                        "10s",
                        10L,
                        "30m",
                        1_800L,
                        "24h",
                        86_400L,
                        "7d",
                        604_800L,
                        "1h30m",
                        5_400L,
                        "1d1h1m1s",
                        90_061L)
                .forEach((text, seconds) -> assertThat(Durations.seconds(text)).contains(seconds));
    }

    @Test
    void other_forms_and_more_than_ten_years_are_refused() {
        for (String bad : List.of(
                "",
                "s",
                "10",
                "-1s",
                "+1s",
                "1.5h",
                "1 h",
                "1H",
                "PT1H",
                "1s1m",
                "1h1h",
                "3651d",
                "999999999d",
                "9999999999s",
                "١s")) {
            assertThat(Durations.seconds(bad)).isEmpty();
        }
    }
}
