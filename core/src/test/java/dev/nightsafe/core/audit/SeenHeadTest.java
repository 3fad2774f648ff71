package dev.nightsafe.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightsafe.core.problem.NightsafeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenHeadTest {
    private static final String HASH = "0f".repeat(32);
    private static final List<SeenHead> HEADS =
            List.of(new SeenHead("console/1", 12, HASH), new SeenHead("keeper/2", 999_999_999_999L, HASH));

    @Test
    void heads_are_read_as_they_were_written() {
        assertThat(SeenHead.text(HEADS)).isEqualTo("console/1:12:" + HASH + ",keeper/2:999999999999:" + HASH);
        assertThat(SeenHead.list(SeenHead.text(HEADS))).isEqualTo(HEADS);
        assertThat(SeenHead.list("")).isEmpty();
        assertThat(SeenHead.of("keeper/2", HEADS)).contains(HEADS.getLast());
        assertThat(SeenHead.of("keeper/1", HEADS)).isEmpty();
    }

    @Test
    void anything_else_is_refused() {
        String one = "console/1:12:" + HASH;
        for (String text : List.of(
                ",",
                one + ",",
                one + "," + one,
                "console:1:" + HASH,
                "console/1:-1:" + HASH,
                "console/1:1:" + HASH.substring(1),
                "console/1:1:" + HASH.replace('f', 'F'),
                "console/1:9999999999999999999:" + HASH,
                SeenHead.text(java.util.stream.IntStream.range(0, 9)
                        .mapToObj(i -> new SeenHead("c/" + i, 1, HASH))
                        .toList()))) {
            assertThatThrownBy(() -> SeenHead.list(text)).as(text).isInstanceOf(NightsafeException.class);
        }
    }
}
