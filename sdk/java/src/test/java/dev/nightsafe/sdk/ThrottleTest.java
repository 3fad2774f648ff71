package dev.nightsafe.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final List<String> sent = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private long now = 100;
    private final Throttle throttle = new Throttle(sent::add, () -> now, (nanos, action) -> later.add(action));

    @Test
    void of_texts_that_come_too_early_the_newest_goes_when_the_interval_is_over() {
        for (int i = 0; i < 50; i++) {
            throttle.offer("" + i);
        }
        assertThat(sent).containsExactly("0");
        assertThat(later).hasSize(1);
        now += Throttle.INTERVAL_NANOS;
        later.getFirst().run();
        assertThat(sent).containsExactly("0", "49");
    }

    @Test
    void at_most_ten_a_second_are_sent() {
        for (int i = 0; i < 10_000; i++) {
            throttle.offer("" + i);
            now += 1_000_000;
        }
        assertThat(sent).hasSizeBetween(95, 101);
    }

    @Test
    void closing_sends_what_was_kept_and_nothing_later() {
        throttle.offer("1");
        throttle.offer("2");
        throttle.close();
        throttle.offer("3");
        later.forEach(Runnable::run);
        throttle.close();
        assertThat(sent).containsExactly("1", "2");
    }
}
