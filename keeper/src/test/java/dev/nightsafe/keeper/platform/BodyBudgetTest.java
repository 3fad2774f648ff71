package dev.nightsafe.keeper.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.budget.Shares;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private final BodyBudget budget = new BodyBudget(1 << 20, 3 << 19, Duration.ofMillis(20));

    @Test
    void one_runner_has_its_own_bodies_and_others_have_room_meanwhile() {
        Shares.Share most = Objects.requireNonNull(budget.take("a", 1_000_000));
        assertThat(refusal("a", 100_000)).isEqualTo(ProblemCode.TOO_MANY_REQUESTS);
        Objects.requireNonNull(budget.take("b", 100_000)).close();
        most.close();
        Objects.requireNonNull(budget.take("a", 1 << 20)).close();
    }

    @Test
    void all_together_have_no_more_than_there_is() {
        Shares.Share most = Objects.requireNonNull(budget.take("a", 1 << 20));
        assertThat(refusal("b", 1 << 20)).isEqualTo(ProblemCode.OVERLOADED);
        most.close();
    }

    @Test
    void small_bodies_are_not_counted() {
        assertThat(budget.take("a", BodyBudget.SMALL)).isNull();
    }

    private ProblemCode refusal(String runner, long bytes) {
        return catchThrowableOfType(NightsafeException.class, () -> budget.take(runner, bytes))
                .code();
    }
}
