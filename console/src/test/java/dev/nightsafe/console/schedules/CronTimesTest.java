package dev.nightsafe.console.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CronTimesTest {
    private static final String BERLIN = "Europe/Berlin";
    private static final String BEFORE_SPRING = "2026-03-28T12:00:00Z";
    private static final String BEFORE_AUTUMN = "2026-10-24T12:00:00Z";

    @Test
    void five_fields_are_those_of_unix() {
        assertThat(times("*/20 6 * * *", "UTC", "2026-11-22T05:00:00Z", 4))
                .containsExactly(
                        "2026-11-22T06:00:00Z", "2026-11-22T06:20:00Z", "2026-11-22T06:40:00Z", "2026-11-23T06:00:00Z");
        assertThat(times("0 0 * * 0", "UTC", "2026-11-22T05:00:00Z", 1)).containsExactly("2026-11-29T00:00:00Z");
        assertThat(times("0 0 * * 7", "UTC", "2026-11-22T05:00:00Z", 1)).containsExactly("2026-11-29T00:00:00Z");
        assertThat(times("15 10 5 1-2 *", "UTC", "2026-11-22T05:00:00Z", 2))
                .containsExactly("2027-01-05T10:15:00Z", "2027-02-05T10:15:00Z");
    }

    @Test
    void six_fields_begin_with_the_second_and_names_stand_for_usual_ones() {
        assertThat(times("30 0 6 * * *", "UTC", "2026-11-22T05:00:00Z", 1)).containsExactly("2026-11-22T06:00:30Z");
        assertThat(times("@daily", BERLIN, "2026-11-22T05:00:00Z", 1)).containsExactly("2026-11-22T23:00:00Z");
        assertThat(times("@hourly", BERLIN, "2026-11-22T05:10:00Z", 1)).containsExactly("2026-11-22T06:00:00Z");
    }

    @Test
    void a_time_is_that_of_the_zone_in_summer_and_winter() {
        assertThat(times("0 6 * * *", BERLIN, BEFORE_SPRING, 1)).containsExactly("2026-03-29T04:00:00Z");
        assertThat(times("0 6 * * *", BERLIN, BEFORE_AUTUMN, 1)).containsExactly("2026-10-25T05:00:00Z");
    }

    @Test
    void a_time_that_the_clock_leaves_out_comes_later_on_that_day() {
        assertThat(times("30 2 * * *", BERLIN, BEFORE_SPRING, 2))
                .containsExactly("2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
        assertThat(times("30 2,3 * * *", BERLIN, BEFORE_SPRING, 2))
                .as("two that come together are one")
                .containsExactly("2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
        assertThat(times("30 2 * * *", BERLIN, "2026-03-29T01:10:00Z", 1))
                .as("asked for after the change")
                .containsExactly("2026-03-29T01:30:00Z");
    }

    @Test
    void a_time_that_comes_twice_counts_once() {
        assertThat(times("30 2 * * *", BERLIN, BEFORE_AUTUMN, 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(times("30 2 * * *", BERLIN, "2026-10-25T01:10:00Z", 1))
                .as("asked for while it comes again")
                .containsExactly("2026-10-26T01:30:00Z");
    }

    @Test
    void every_so_often_goes_by_the_time_that_passes() {
        assertThat(times("*/30 * * * *", BERLIN, "2026-10-25T00:10:00Z", 4))
                .containsExactly(
                        "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z");
        assertThat(times("*/30 * * * *", BERLIN, "2026-03-29T00:40:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
    }

    @Test
    void what_can_be_read_in_two_ways_or_not_at_all_is_refused() {
        for (String wrong :
                List.of("", "0 3 * *", "0 3 1 * 1", "61 * * * *", "x * * * *", "@sometimes", "1 2 3 4 5 6 7")) {
            assertThatThrownBy(() -> CronTimes.of(wrong, ZoneId.of("UTC")))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_day_that_never_comes_has_no_time() {
        assertThat(times("0 0 30 2 *", "UTC", BEFORE_SPRING, 1)).isEmpty();
    }

    private static List<String> times(String cron, String zone, String after, int count) {
        CronTimes times = CronTimes.of(cron, ZoneId.of(zone));
        List<String> found = new ArrayList<>();
        Instant at = Instant.parse(after);
        while (found.size() < count) {
            var next = times.after(at);
            if (next.isEmpty()) {
                return found;
            }
            at = next.get();
            found.add(at.toString());
        }
        return found;
    }
}
