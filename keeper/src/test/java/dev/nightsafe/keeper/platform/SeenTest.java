package dev.nightsafe.keeper.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import org.junit.jupiter.api.Test;

class SeenTest {
    private final Seen seen = new Seen(2, 3);

    @Test
    void what_was_used_before_is_known_and_each_runner_has_its_own() {
        assertThat(seen.first("a", "x", 10)).isTrue();
        assertThat(seen.first("a", "x", 10)).isFalse();
        assertThat(seen.first("b", "x", 10)).isTrue();
    }

    @Test
    void one_runner_s_do_not_fill_the_memory_for_others() {
        seen.first("a", "x", 10);
        seen.first("a", "y", 20);
        assertThat(refusal("a", "z")).isEqualTo(ProblemCode.TOO_MANY_REQUESTS);
        assertThat(seen.first("a", "y", 20))
                .as("known, although there is no room")
                .isFalse();
        assertThat(seen.first("b", "z", 20)).isTrue();
        assertThat(refusal("b", "zz")).isEqualTo(ProblemCode.OVERLOADED);
    }

    @Test
    void what_has_expired_makes_room() {
        seen.first("a", "x", 10);
        seen.first("a", "y", 20);
        seen.forget(15);
        assertThat(seen.first("a", "x", 30)).isTrue();
        assertThat(refusal("a", "z")).isEqualTo(ProblemCode.TOO_MANY_REQUESTS);
        seen.forget(100);
        assertThat(seen.first("a", "z", 200)).isTrue();
    }

    private ProblemCode refusal(String owner, String text) {
        return catchThrowableOfType(NightsafeException.class, () -> seen.first(owner, text, 30))
                .code();
    }
}
