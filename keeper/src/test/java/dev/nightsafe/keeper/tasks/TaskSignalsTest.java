package dev.nightsafe.keeper.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightsafe.keeper.platform.Waiters;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TaskSignalsTest {
    private final TaskSignals signals = new TaskSignals(new Waiters());

    @Test
    void a_task_wakes_one_poll_of_those_that_wait_for_its_queue_among_others() {
        try (Waiters.Ticket both = signals.awaitTask(Set.of("a", "b"));
                Waiters.Ticket other = signals.awaitTask(Set.of("b", "c"))) {
            signals.waiting("b");
            assertThat(other.await(Duration.ZERO)).isFalse();
            assertThat(both.await(Duration.ZERO)).isTrue();
            signals.waiting("a");
            assertThat(other.await(Duration.ZERO)).isFalse();
            assertThat(both.await(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void a_poll_that_took_none_of_the_queue_that_woke_it_wakes_the_next() {
        try (Waiters.Ticket both = signals.awaitTask(Set.of("a", "b"));
                Waiters.Ticket other = signals.awaitTask(Set.of("a"))) {
            signals.waiting("a");
            assertThat(both.await(Duration.ZERO)).isTrue();
            signals.passOn(both, List.of());
            assertThat(other.await(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void a_poll_that_was_ended_passes_on_what_woke_it() {
        try (Waiters.Ticket other = openAfterAnEndedOne()) {
            assertThat(other.await(Duration.ZERO)).isTrue();
        }
    }

    private Waiters.Ticket openAfterAnEndedOne() {
        try (Waiters.Ticket ended = signals.awaitTask(Set.of("a", "b"))) {
            Waiters.Ticket other = signals.awaitTask(Set.of("b"));
            signals.waiting("b");
            ended.end();
            assertThat(ended.await(Duration.ZERO)).isFalse();
            return other;
        }
    }
}
