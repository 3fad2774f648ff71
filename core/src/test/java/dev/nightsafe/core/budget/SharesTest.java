package dev.nightsafe.core.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class SharesTest {
    private final Shares shares = new Shares("things", 3, 5, Duration.ofMillis(10));

    @Test
    void one_caller_gets_its_share_and_no_more_while_others_get_theirs() {
        try (Shares.Share first = shares.take("a", 3)) {
            assertThat(refusal("a", 1)).isEqualTo(ProblemCode.TOO_MANY_REQUESTS);
            shares.take("b", 2).close();
            assertThat(first).isNotNull();
        }
        shares.take("a", 3).close();
    }

    @Test
    void all_together_get_no_more_than_there_is() {
        try (Shares.Share first = shares.take("a", 3);
                Shares.Share second = shares.take("b", 2)) {
            assertThat(refusal("c", 1)).isEqualTo(ProblemCode.OVERLOADED);
            assertThat(refusal("b", 1)).as("its own share is there again").isEqualTo(ProblemCode.OVERLOADED);
            assertThat(first).isNotSameAs(second);
        }
        shares.take("c", 3).close();
    }

    @Test
    void what_is_given_back_goes_to_who_waits() throws ExecutionException, InterruptedException {
        Shares patient = new Shares("things", 1, 1, Duration.ofMinutes(1));
        Shares.Share first = patient.take("a", 1);
        CompletableFuture<Void> next =
                CompletableFuture.runAsync(() -> patient.take("b", 1).close());
        first.close();
        next.get();
        first.close();
        patient.take("a", 1).close();
    }

    @Test
    void nothing_is_remembered_of_who_has_nothing() {
        Shares.Share share = shares.take("a", 3);
        refusal("a", 1);
        refusal("b", 3);
        assertThat(shares.owners()).isEqualTo(1);
        share.close();
        share.close();
        assertThat(shares.owners()).isZero();
    }

    private ProblemCode refusal(String owner, int units) {
        return catchThrowableOfType(NightsafeException.class, () -> shares.take(owner, units))
                .code();
    }
}
