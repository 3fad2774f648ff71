package dev.nightsafe.runner.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseEndTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long LENGTH = Duration.ofMinutes(10).toMillis();
    /** As much as the machine may stand still in the middle of a test. */
    private static final long SOME = Duration.ofMinutes(5).toMillis();

    private final long here = System.currentTimeMillis();

    @Test
    void with_equal_clocks_it_is_as_long_as_the_keeper_gave() {
        assertThat(LeaseEnd.of(here + LENGTH, here).millisLeft()).isBetween(SOME, LENGTH);
    }

    @Test
    void I4_a_clock_that_is_behind_the_keepers_makes_it_no_longer() {
        long keeper = here + HOUR;
        assertThat(LeaseEnd.of(keeper + LENGTH, keeper).millisLeft()).isBetween(SOME, LENGTH);
    }

    @Test
    void I4_a_clock_that_is_ahead_makes_it_shorter() {
        long keeper = here - HOUR;
        assertThat(LeaseEnd.of(keeper + LENGTH, keeper).millisLeft()).isNegative();
    }

    @Test
    void one_that_was_over_when_it_came_is_over() {
        assertThat(LeaseEnd.of(here + HOUR, here + 2 * HOUR).millisLeft()).isNotPositive();
    }

    @Test
    void the_later_of_two_counts() {
        LeaseEnd sooner = LeaseEnd.of(here + LENGTH, here);
        LeaseEnd later = LeaseEnd.of(here + HOUR, here);
        assertThat(sooner.later(later)).isSameAs(later);
        assertThat(later.later(sooner)).isSameAs(later);
    }
}
