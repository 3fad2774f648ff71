package dev.nightsafe.console.vaults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeldomTest {
    private final List<String> tried = new ArrayList<>();
    private long now;
    private final Seldom seldom = new Seldom(() -> now);

    @Test
    void what_got_nowhere_waits_nineteen_times_as_long_as_it_took() throws InterruptedException {
        attempt("a", 10, false);
        now += 189;
        attempt("a", 10, false);
        assertThat(tried).containsExactly("a");
        now += 1;
        attempt("a", 10, false);
        assertThat(tried).containsExactly("a", "a");
    }

    @Test
    void what_got_somewhere_and_what_is_another_thing_waits_for_nothing() throws InterruptedException {
        attempt("a", 10, true);
        attempt("a", 10, false);
        attempt("b", 10, false);
        assertThat(tried).containsExactly("a", "a", "b");
    }

    @Test
    void what_somebody_asks_for_is_tried_at_once_and_nothing_else_is() throws InterruptedException {
        attempt("a", 10, false);
        attempt("b", 10, false);
        seldom.ask("a");
        attempt("b", 10, false);
        attempt("a", 10, false);
        assertThat(tried).containsExactly("a", "b", "a");
    }

    @Test
    void who_asks_again_and_again_is_heard_once_a_minute() throws InterruptedException {
        long minute = Duration.ofMinutes(1).toNanos();
        attempt("a", minute, false);
        seldom.ask("a");
        attempt("a", minute / 4, false);
        seldom.ask("a");
        attempt("a", 1, false);
        assertThat(tried).containsExactly("a", "a");
        now += minute;
        seldom.ask("a");
        attempt("a", 1, false);
        assertThat(tried).containsExactly("a", "a", "a");
    }

    @Test
    void what_is_over_is_forgotten() throws InterruptedException {
        attempt("a", 10, false);
        seldom.keep(List.of());
        attempt("a", 10, false);
        assertThat(tried).containsExactly("a", "a");
    }

    private void attempt(String id, long takes, boolean getsSomewhere) throws InterruptedException {
        seldom.attempt(id, () -> {
            tried.add(id);
            now += takes;
            return getsSomewhere;
        });
    }
}
