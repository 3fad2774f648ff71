package dev.nightsafe.runner.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the field
class UserIdsTest {
    private static final long ALL = 4_294_967_294L;

    @TempDir
    Path folder;

    @Test
    void a_queue_keeps_its_id_and_shares_it_with_none() {
        UserIds ids = new UserIds(folder, ALL);
        int one = ids.queue("one");
        assertThat(ids.queue("two")).isNotEqualTo(one);
        assertThat(new UserIds(folder, ALL).queue("one")).isEqualTo(one);
    }

    @Test
    void what_was_handed_out_is_not_handed_out_again_after_a_restart() {
        Set<Integer> seen = new HashSet<>();
        for (int start = 0; start < 3; start++) {
            UserIds ids = new UserIds(folder, ALL);
            for (int i = 0; i < 300; i++) {
                int id = ids.fresh();
                assertThat(seen.add(id) && seen.add(id + 1)).isTrue();
            }
        }
    }

    @Test
    void ids_go_round_within_what_the_machine_has_and_never_meet_a_queues() {
        long mapped = 65_535;
        UserIds ids = new UserIds(folder, mapped);
        int queue = ids.queue("queue");
        int first = ids.fresh();
        boolean again = false;
        for (int i = 0; i < 40_000; i++) {
            int id = ids.fresh();
            assertThat(id).isGreaterThanOrEqualTo(ids.first() + UserIds.QUEUES).isLessThan(ids.last() + 1);
            assertThat(ids.isFresh(id) && ids.isFresh(id + 1)).isTrue();
            again |= id == first;
        }
        assertThat(again).isTrue();
        assertThat(ids.isFresh(queue)).isFalse();
        assertThat((long) ids.last()).isLessThanOrEqualTo(mapped);
    }
}
