package dev.nightsafe.keeper.platform;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private final BodyBudget budget = new BodyBudget(1 << 20, Duration.ofMillis(20));

    @Test
    void what_does_not_fit_is_refused_and_what_was_given_back_can_be_taken_again() {
        BodyBudget.Share most = budget.take(1_000_000);
        assertThatThrownBy(() -> budget.take(100_000)).isInstanceOf(NightsafeException.class);
        most.close();
        most.close();
        budget.take(1 << 20).close();
        assertThatThrownBy(() -> budget.take((1 << 20) + 1)).isInstanceOf(NightsafeException.class);
    }

    @Test
    void small_bodies_are_not_counted() {
        BodyBudget.Share all = budget.take(1 << 20);
        budget.take(BodyBudget.SMALL).close();
        all.close();
    }
}
