package dev.nightsafe.console.vaults;

import static org.assertj.core.api.Assertions.assertThat;

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
    void everything_is_tried_at_once_when_somebody_asks() throws InterruptedException {
        attempt("a", 10, false);
        seldom.clear();
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
